// The run lock against an API server that keeps Leases as the real one does.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FakeCluster, fakeCluster } from '../apiserver/cluster-testing.ts';
import { microTime } from './lock-decision.ts';
import { leaseEdges } from './lock-edges.ts';
import { acquireLease, type LeaseLock, type LeaseOptions } from './lock-lease.ts';

let cluster: FakeCluster;
const taken: LeaseLock[] = [];
beforeEach(async () => {
  cluster = await fakeCluster();
  cluster.setLease('lock', {});
});
afterEach(async () => {
  cluster.failWith = undefined;
  for (const lock of taken.splice(0)) await lock.leave();
  await cluster[Symbol.asyncDispose]();
});

async function acquire(me: string, more: Partial<LeaseOptions> = {}): Promise<LeaseLock> {
  const lock = await acquireLease(
    {
      lease: 'charter/lock',
      me,
      describe: `Job ${me}, Pod ${me}-x`,
      leaseMs: 1_000,
      waitMs: 0,
      graceMs: 100,
      signal: new AbortController().signal,
      tell: () => {},
      ...more,
    },
    leaseEdges(cluster.server.access, 'lock'),
  );
  taken.push(lock);
  return lock;
}

/** For what a slow machine must not see expire. */
const longMs = 30_000;
const spec = () => cluster.leases.get('lock')?.spec;
const lossOf = (lock: LeaseLock): Promise<string> =>
  new Promise((resolve) => lock.lost.addEventListener('abort', () => resolve(String(lock.lost.reason))));
const other = (renewedMsAgo: number, transitions = 9, seconds = 1) =>
  cluster.setLease('lock', {
    holderIdentity: 'other',
    leaseDurationSeconds: seconds,
    renewTime: microTime(Date.now() - renewedMsAgo),
    leaseTransitions: transitions,
  });

describe('to get it', () => {
  test('of five contenders exactly one wins, the others name it', async () => {
    const tried = await Promise.allSettled(
      [1, 2, 3, 4, 5].map((i) => acquire(`job-${i}`, { leaseMs: longMs })),
    );
    const won = tried.filter((one) => one.status === 'fulfilled');
    expect(won).toHaveLength(1);
    for (const one of tried)
      if (one.status === 'rejected') {
        expect(one.reason).toMatchObject({ code: 'CHR_RUN_LOCKED' });
        expect(String(one.reason)).toContain(`held by Job ${spec()?.holderIdentity}, Pod`);
      }
  });

  test('a dead holder is taken over, a living one is not', async () => {
    other(500, 9, 30);
    await expect(acquire('me')).rejects.toMatchObject({ code: 'CHR_RUN_LOCKED' });
    other(1_001);
    await acquire('me');
    expect(spec()).toMatchObject({ holderIdentity: 'me', leaseTransitions: 10 });
  });

  test('a Pod that replaces another of its Job inherits it at once', async () => {
    const first = await acquire('job');
    const { acquireTime, leaseTransitions } = spec() ?? {};
    await first.leave();
    await acquire('job');
    expect(spec()).toMatchObject({ holderIdentity: 'job', acquireTime, leaseTransitions });
  });

  test('it is waited for, and the wait is told once', async () => {
    const told: string[] = [];
    other(200);
    const start = performance.now();
    await acquire('me', { waitMs: 5_000, tell: (text) => told.push(text) });
    expect(performance.now() - start).toBeGreaterThan(700);
    expect(told).toEqual([
      expect.stringMatching(/^waiting up to 5 s: .* held by other, last renewed 0 s ago/),
    ]);
  });

  test('the wait ends with the signal', async () => {
    const abort = new AbortController();
    const renewing = setInterval(() => other(0), 200);
    other(0);
    setTimeout(() => abort.abort('interrupted by SIGTERM'), 300);
    await expect(acquire('me', { waitMs: 20_000, signal: abort.signal })).rejects.toBe(
      'interrupted by SIGTERM',
    );
    clearInterval(renewing);
  });
});

describe('to keep it', () => {
  test('it is renewed, and each renewal moves the time until which cases may start', async () => {
    const lock = await acquire('me');
    const first = { until: lock.until(), renewTime: spec()?.renewTime };
    const renewed = await new Promise<number>((resolve) => lock.follow(resolve));
    expect(renewed).toBeGreaterThan(first.until);
    expect(spec()?.renewTime).not.toBe(first.renewTime);
    // Running cases have their grace before another run may begin, and a sixth is for clocks that differ.
    expect(lock.until() - Date.parse(spec()?.renewTime ?? '')).toBe(733);
  });

  test('shards that renew the same Lease do not disturb each other', async () => {
    const locks = await Promise.all([1, 2, 3].map(() => acquire('job', { leaseMs: 4_000 })));
    await sleep(4_500);
    expect(locks.map(({ lost }) => lost.aborted)).toEqual([false, false, false]);
  });

  test('another holder is named', async () => {
    const lock = await acquire('me', { leaseMs: 4_000 });
    const loss = lossOf(lock);
    other(0);
    expect(await loss).toBe('lost the run lock to other');
  });

  test('an API server that is gone ends it before another run could begin', async () => {
    const lock = await acquire('me', { leaseMs: 4_000 });
    const loss = lossOf(lock);
    cluster.failWith = 0;
    const renewed = Date.parse(spec()?.renewTime ?? '');
    expect(await loss).toMatch(/^could not renew the run lock for 3 s: GET https:/);
    expect(Date.now() - renewed).toBeLessThan(4_000);
  });

  test('an API server that answers again in time is forgiven', async () => {
    const lock = await acquire('me', { leaseMs: 4_000 });
    cluster.failWith = 500;
    await sleep(1_700);
    cluster.failWith = undefined;
    await sleep(2_800);
    expect(lock.lost.aborted).toBe(false);
  });
});

describe('to give it back', () => {
  test('the next run gets it at once, and nobody is named as holder', async () => {
    await (await acquire('first')).release();
    expect(spec()?.holderIdentity).toBe('');
    expect(cluster.leases.get('lock')?.metadata.annotations).toEqual({});
    await acquire('second');
  });

  test("what is another run's is left alone", async () => {
    const lock = await acquire('me', { leaseMs: 60_000 });
    other(0);
    await lock.release();
    expect(spec()?.holderIdentity).toBe('other');
  });

  test('a run that leaves it lets it expire', async () => {
    await (await acquire('me')).leave();
    expect(spec()?.holderIdentity).toBe('me');
  });
});
