// Quantiles of what was measured, for a step, for the report of a run and for what is said of several.
import type { Latency } from './types.ts';

/** The value that `share` (0 to 1) of the values do not exceed. Not a number where there is none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Undefined for none. */
export function latencyOf(milliseconds: readonly number[]): Latency | undefined {
  if (milliseconds.length === 0) return undefined;
  const at = (share: number) => quantile(milliseconds, share);
  return { cells: milliseconds.length, p50: at(0.5), p95: at(0.95), max: at(1) };
}
