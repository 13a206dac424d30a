// How long to wait after the nth failure in a row: full jitter, so that what failed together does not come back together.
// https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/

/** Delay after n failures: a random time between `minMs` and min(maxMs, baseMs × 2^(n-1)). */
export interface BackoffOptions {
  /** 500 when not given. */
  readonly baseMs?: number;
  /** 300,000 when not given. */
  readonly maxMs?: number;
  /** 5 when not given. */
  readonly minMs?: number;
}

/** Milliseconds. `failures` is at least 1; `random` gives numbers from 0 to less than 1. */
export function backoffMs(failures: number, options: BackoffOptions, random: () => number): number {
  const { baseMs = 500, maxMs = 300_000, minMs = 5 } = options;
  const ceiling = Math.min(maxMs, baseMs * 2 ** (failures - 1));
  return Math.max(minMs, Math.round(random() * ceiling));
}
