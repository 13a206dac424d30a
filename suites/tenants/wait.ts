// Waiting for a state of the clusters: how long it took when it came, what was seen instead when it did not.
import { setTimeout as after } from 'node:timers/promises';

export interface Awaited<Result> {
  readonly result: Result;
  /** Until it was seen. */
  readonly ms: number;
}

export interface WaitClock {
  /** Milliseconds. */
  readonly now: () => number;
  readonly after: (milliseconds: number) => Promise<unknown>;
}

export const machineClock: WaitClock = { now: () => performance.now(), after };

/** Looks at least once; what is seen after the time is over came too late. `look` answers with a string while what is awaited is not there: that is what was seen instead. */
export async function within<Result extends object>(
  seconds: number,
  what: string,
  look: () => Promise<Result | string>,
  clock = machineClock,
): Promise<Awaited<Result>> {
  const start = clock.now();
  for (;;) {
    // An API server that is busy for a moment is not the operator's fault.
    const seen = await look().catch((error: unknown) => `the harness could not look: ${error}`);
    const ms = clock.now() - start;
    if (ms > seconds * 1_000) {
      const last = typeof seen === 'object' ? `that it is so, after ${(ms / 1_000).toFixed(1)} s` : seen;
      throw new Error(`${what}: expected within ${seconds} s, last seen: ${last}`);
    }
    if (typeof seen === 'object') return { result: seen, ms };
    await clock.after(200);
  }
}

/** Looks for the whole time; throws as soon as `look` answers with what should not be. */
export async function never(
  seconds: number,
  what: string,
  look: () => Promise<string | undefined>,
): Promise<void> {
  const end = performance.now() + seconds * 1_000;
  while (performance.now() < end) {
    const seen = await look();
    if (seen !== undefined) throw new Error(`${what}: expected never, seen: ${seen}`);
    await after(300);
  }
}
