// A clock that moves only when the test says so.
import type { Clock } from '../clock.ts';

export interface FakeClock extends Clock {
  /**
   * Moves on by `ms`, stopping at each timer on the way, in order of time; between them whatever was waiting for promises goes on.
   */
  readonly advance: (ms: number) => Promise<void>;
  /** Moves the time without a single timer firing, as for a process that is stopped. */
  readonly skip: (ms: number) => void;
  readonly timers: () => number;
}

export function fakeClock(start = new Date('2026-01-01T00:00:00Z')): FakeClock {
  let elapsed = 0;
  const timers = new Set<{ readonly at: number; readonly call: () => void }>();
  const next = (until: number) =>
    [...timers].filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0];
  return {
    now: () => new Date(start.getTime() + elapsed),
    monotonicMs: () => elapsed,
    after: (ms, call) => {
      const timer = { at: elapsed + ms, call };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance: async (ms) => {
      const until = elapsed + ms;
      await settle();
      for (let timer = next(until); timer !== undefined; timer = next(until)) {
        timers.delete(timer);
        elapsed = Math.max(elapsed, timer.at);
        timer.call();
        await settle();
      }
      elapsed = until;
    },
    skip: (ms) => {
      elapsed += ms;
    },
    timers: () => timers.size,
  };
}

/** Lets promises that can go on do so; setImmediate comes after all of them. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
