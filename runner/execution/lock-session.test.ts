// When a run may trust its session, under a clock of its own: answers that are late or never come, and a process that slept.
import { expect, test } from 'vitest';
import { acquireSession, type LockSession } from './lock-session.ts';

const leaseMs = 30_000;
const graceMs = 5_000;

/** Promises that wait for each other come to their end. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Time stands still until it is told to go on. */
class OwnClock {
  time = 0;
  readonly #due = new Map<() => void, number>();

  readonly now = () => this.time;

  readonly sleep = (ms: number, signal: AbortSignal): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const wake = () => resolve();
    this.#due.set(wake, this.time + ms);
    signal.addEventListener('abort', () => {
      this.#due.delete(wake);
      reject(signal.reason);
    });
    return promise;
  };

  async pass(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      await settle();
      const [first] = [...this.#due].sort(([, one], [, other]) => one - other);
      if (first === undefined || first[1] > end) break;
      this.time = Math.max(this.time, first[1]);
      this.#due.delete(first[0]);
      first[0]();
    }
    this.time = Math.max(this.time, end);
  }
}

const living: LockSession = { tryLock: async () => undefined, look: async () => {}, close: async () => {} };
const dead = () => Promise.reject(new Error('gone'));
const never = <T>() => new Promise<T>(() => {});

function acquire(clock: OwnClock, sessions: readonly LockSession[]) {
  const left = [...sessions];
  const open = async () => left.shift() ?? dead();
  const { signal } = new AbortController();
  return acquireSession(
    { lock: 'l', waitMs: 0, leaseMs, graceMs, signal, tell: () => {} },
    { open, now: clock.now, sleep: clock.sleep },
  );
}

test('the time counts from before the question, not from the answer', async () => {
  const clock = new OwnClock();
  const slow = {
    ...living,
    tryLock: () => clock.sleep(4_000, new AbortController().signal).then(() => undefined),
  };
  const acquired = acquire(clock, [slow]);
  await clock.pass(4_000);
  expect((await acquired).until()).toBe(leaseMs - graceMs);
});

test('a look that never ends holds up no loss: it is told when the time is over', async () => {
  const clock = new OwnClock();
  const lock = await acquire(clock, [{ ...living, look: never }]);
  await clock.pass(leaseMs - graceMs - 1);
  expect(lock.lost.aborted).toBe(false);
  await clock.pass(1);
  expect(lock.lost.reason).toBe('could not renew the run lock for 25 s: the database does not answer');
});

test('an answer that comes after the loss lets no case start', async () => {
  const clock = new OwnClock();
  const late = { ...living, look: () => clock.sleep(20_000, new AbortController().signal) };
  const lock = await acquire(clock, [late]);
  await clock.pass(2 * leaseMs);
  expect(lock.lost.aborted).toBe(true);
  expect(lock.until()).toBe(leaseMs - graceMs);
});

test.each([
  ['goes on where its session lives', [living], undefined],
  ['goes on where nobody else was quicker', [{ ...living, look: dead }, living], undefined],
  [
    'has lost its lock to whoever was quicker',
    [
      { ...living, look: dead },
      { ...living, tryLock: async () => 'Job other' },
    ],
    'lost the run lock to Job other',
  ],
])('a run that slept over its time %s', async (_what, sessions, reason) => {
  const clock = new OwnClock();
  const lock = await acquire(clock, sessions);
  clock.time += 10 * leaseMs;
  expect(lock.until()).toBeLessThan(clock.now());
  await clock.pass(5_000);
  expect(lock.lost.reason).toBe(reason);
  if (reason === undefined) expect(lock.until()).toBeGreaterThan(clock.now());
});
