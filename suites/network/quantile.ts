// Quantiles of what was measured, for the report of a run and for what is said of several.

/** The value that `share` (0 to 1) of the values do not exceed. Not a number where there is none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
