// The guarantee of the run lock under a clock of its own: whatever the API server does, whatever the clocks say, as far as they agree.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Lease } from '../apiserver/index.ts';
import { decide } from './lock-decision.ts';
import { acquireLease, type LeaseLock, type Limits } from './lock-lease.ts';
import { leaseTimes } from './lock-times.ts';

/** How one request goes; one that takes longer than its caller waits is carried out nevertheless. */
interface Answer {
  readonly kind: 'ok' | 'refused' | 'conflict' | 'silent';
  readonly latencyMs: number;
}

interface Setting {
  readonly leaseMs: number;
  readonly graceMs: number;
  /** By how much each clock is ahead of the true time: of each shard that shares the lock, and of the run that would like to have it. */
  readonly shards: readonly number[];
  readonly judge: number;
  /** Of the requests one after another; nothing answers those beyond. */
  readonly answers: (request: number) => Answer;
}

interface Shard {
  readonly lock: LeaseLock;
  lostAt?: number;
}

interface Due {
  readonly at: number;
  readonly act: () => void;
}

/** Promises that wait for each other come to their end. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** True time is in milliseconds and stands still until everybody waits for it. */
class World {
  readonly shards: Shard[] = [];
  readonly violations: string[] = [];
  now = Date.UTC(2026, 10, 21, 4);
  readonly #setting: Setting;
  #due: readonly Due[] = [];
  #lease: Lease = { metadata: {}, spec: {} };
  #version = 0;
  #requests = 0;

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  async start(): Promise<void> {
    const { leaseMs, graceMs, shards } = this.#setting;
    for (const ahead of shards) {
      const acquired = acquireLease(
        {
          ...{ lease: 'lock', me: 'job', describe: 'Job', leaseMs, graceMs, waitMs: 0, tell: () => {} },
          signal: new AbortController().signal,
        },
        {
          now: () => this.now + ahead,
          sleep: (ms, signal) => this.#sleep(ms, signal),
          read: (limits) =>
            this.#request(limits, () => ({
              ...this.#lease,
              metadata: { resourceVersion: `${this.#version}` },
            })),
          write: (lease, limits) => this.#request(limits, (isConflict) => this.#write(lease, isConflict)),
        },
      );
      let lock: LeaseLock | undefined;
      void acquired.then((got) => {
        lock = got;
      });
      await settle();
      while (lock === undefined) await this.#step();
      const shard: Shard = { lock };
      lock.lost.addEventListener('abort', () => {
        shard.lostAt = this.now;
      });
      this.shards.push(shard);
    }
  }

  /** Until so much later, or until nobody of the run can have a case any more. */
  async run(ms: number): Promise<void> {
    const end = this.now + ms;
    while (this.now < end && this.shards.some((shard) => this.#mayRun(shard, this.now))) await this.#step();
  }

  async #step(): Promise<void> {
    const next = this.#due.reduce((first, one) => (one.at < first.at ? one : first), this.#nothing());
    this.#look(next.at);
    this.#forget(next);
    this.now = next.at;
    next.act();
    await settle();
  }

  #nothing(): Due {
    return { at: this.now + 1_000, act: () => {} };
  }

  /** From now until then nothing changes but the time. */
  #look(until: number): void {
    const { leaseMs, judge } = this.#setting;
    const wanting = { me: 'another', leaseMs, transitions: undefined };
    const decision = decide(this.#lease.spec ?? {}, wanting, this.now + judge);
    const freeAt = decision.act === 'wait' ? decision.freeAt - judge : this.now;
    if (freeAt >= until) return;
    for (const [index, shard] of this.shards.entries())
      if (this.#mayRun(shard, freeAt))
        this.violations.push(
          `shard ${index} may run a case when another run may begin, lost at ${shard.lostAt}`,
        );
  }

  #mayRun({ lostAt }: Shard, at: number): boolean {
    return lostAt === undefined || at < lostAt + this.#setting.graceMs;
  }

  #at(ms: number, act: () => void): Due {
    const due = { at: this.now + ms, act };
    this.#due = [...this.#due, due];
    return due;
  }

  #forget(due: Due): void {
    this.#due = this.#due.filter((one) => one !== due);
  }

  #sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      this.#at(ms, resolve);
    });
  }

  #request<T>({ timeoutMs }: Limits, act: (isConflict: boolean) => T): Promise<T> {
    const { kind, latencyMs } = this.#setting.answers(this.#requests++);
    return new Promise((resolve, reject) => {
      const timeout = this.#at(timeoutMs, () => reject(new Error(`no answer within ${timeoutMs} ms`)));
      if (kind === 'silent') return;
      this.#at(latencyMs, () => {
        this.#forget(timeout);
        if (kind === 'refused') reject(new Error('503'));
        else resolve(act(kind === 'conflict'));
      });
    });
  }

  #write(lease: Lease, isConflict: boolean): 'written' | 'conflict' {
    if (isConflict || lease.metadata.resourceVersion !== `${this.#version}`) return 'conflict';
    this.#lease = lease;
    this.#version += 1;
    return 'written';
  }
}

const isForAcquiring = 4;
const ok: Answer = { kind: 'ok', latencyMs: 1 };

const answers = fc.array(
  fc.record<Answer>({
    kind: fc.constantFrom('ok', 'ok', 'ok', 'refused', 'conflict', 'silent'),
    latencyMs: fc.integer({ min: 1, max: 8_000 }),
  }),
  { maxLength: 40 },
);

const settings = fc.integer({ min: 1_000, max: 60_000 }).chain((leaseMs) => {
  const skew = fc.integer({ min: 0, max: Math.floor(leaseMs / 6) });
  return fc
    .record({
      graceMs: fc.integer({ min: 1, max: Math.floor(leaseMs / 3) }),
      shards: fc.array(skew, { minLength: 1, maxLength: 2 }),
      judge: skew,
      answers,
    })
    .map(({ answers: list, ...more }): Setting => {
      const silent: Answer = { kind: 'silent', latencyMs: 0 };
      return {
        ...more,
        leaseMs,
        answers: (i) => (i < isForAcquiring ? ok : (list[i - isForAcquiring] ?? silent)),
      };
    });
});

describe('no case runs at a time at which another run may hold the lock', () => {
  test('for clocks that agree to within a sixth of the lease time, and whatever becomes of the renewals', async () => {
    await fc.assert(
      fc.asyncProperty(settings, async (setting) => {
        const world = new World(setting);
        await world.start();
        await world.run(3_600_000);
        expect(world.violations).toEqual([]);
        expect(world.shards.every(({ lostAt }) => lostAt !== undefined)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('also when the API server refuses at once at first and is silent then', async () => {
    const mute = (i: number): Answer => ({ kind: i < 40 ? 'refused' : 'silent', latencyMs: 250 });
    for (const refusals of [1, 2, 3, 5, 8, 13, 21]) {
      const answers = (i: number) => (i < isForAcquiring ? ok : mute(i + 36 - refusals));
      const world = new World({ leaseMs: 30_000, graceMs: 5_000, shards: [0], judge: 5_000, answers });
      await world.start();
      await world.run(60_000);
      expect(world.violations).toEqual([]);
    }
  });
});

describe('a lock that is renewed', () => {
  const times = fc.integer({ min: 1_000, max: 60_000 }).chain((leaseMs) =>
    fc.record({
      leaseMs: fc.constant(leaseMs),
      graceMs: fc.integer({ min: 1, max: Math.floor(leaseMs / 3) }),
    }),
  );

  test('is usable for half of its time at least, whatever the grace', () => {
    fc.assert(
      fc.property(times, (shares) => {
        const { usableMs, renewEveryMs } = leaseTimes(shares);
        expect(usableMs).toBeGreaterThanOrEqual(shares.leaseMs / 2 - 1);
        expect(usableMs).toBeGreaterThan(renewEveryMs * 1.4);
      }),
    );
  });

  test('lets cases start at any time, where the API server takes up to a twentieth of the lease time', async () => {
    await fc.assert(
      fc.asyncProperty(times, async ({ leaseMs, graceMs }) => {
        const answers = (): Answer => ({ kind: 'ok', latencyMs: Math.floor(leaseMs / 20) });
        const world = new World({ leaseMs, graceMs, shards: [0], judge: 0, answers });
        await world.start();
        const [shard] = world.shards;
        for (let i = 0; i < 20; i++) {
          await world.run(leaseMs / 7);
          expect(shard?.lock.until()).toBeGreaterThan(world.now);
        }
        expect(shard?.lostAt).toBeUndefined();
      }),
      { numRuns: 30 },
    );
  });

  test.each([
    [9_000, 'keeps'],
    [11_000, 'loses'],
  ])(
    'of 30 s, with a grace of 5 s: an API server that refuses for %d ms, from the renewal on, %s it',
    async (ms, how) => {
      const refusals = Math.ceil(ms / 1_000);
      const answers = (i: number): Answer =>
        i >= 2 && i < 2 + refusals ? { kind: 'refused', latencyMs: 1 } : ok;
      const world = new World({ leaseMs: 30_000, graceMs: 5_000, shards: [0], judge: 0, answers });
      await world.start();
      await world.run(29_000);
      expect(world.shards[0]?.lostAt === undefined ? 'keeps' : 'loses').toBe(how);
    },
  );
});
