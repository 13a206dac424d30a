// Waiting for a state of the clusters: how long it took when it came, what was seen instead when it did not.
import { setTimeout as after } from 'node:timers/promises';

export interface Awaited<Result> {
  readonly result: Result;
  /** Until it was seen. */
  readonly ms: number;
}

/** Looks at least once. `look` answers with a string while what is awaited is not there: that is what was seen instead. */
export async function within<Result extends object>(
  seconds: number,
  what: string,
  look: () => Promise<Result | string>,
): Promise<Awaited<Result>> {
  const start = performance.now();
  let seen: Result | string = 'nothing';
  for (;;) {
    // An API server that is busy for a moment is not the operator's fault.
    seen = await look().catch((error: unknown) => `the harness could not look: ${error}`);
    if (typeof seen === 'object') return { result: seen, ms: performance.now() - start };
    if (performance.now() - start > seconds * 1_000)
      throw new Error(`${what}: expected within ${seconds} s, last seen: ${seen}`);
    await after(200);
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
