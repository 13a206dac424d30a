// Waits for the real world in tests: what holds at once costs nothing, and what never holds fails with what was seen last.
import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves with the first value that `accept` takes. Errors of `look` count as not yet. `withinMs` is generous: machines are busy. */
export async function eventually<T>(
  look: () => T | Promise<T>,
  accept: (value: T) => boolean = Boolean,
  withinMs = 60_000,
): Promise<T> {
  const until = performance.now() + withinMs;
  for (;;) {
    let seen: unknown;
    try {
      const value = await look();
      if (accept(value)) return value;
      seen = value;
    } catch (error) {
      seen = error;
    }
    if (performance.now() > until)
      throw new Error(`still not so after ${withinMs} ms; last seen: ${describe(seen)}`);
    await sleep(20);
  }
}

function describe(value: unknown): string {
  return value instanceof Error ? String(value) : JSON.stringify(value);
}
