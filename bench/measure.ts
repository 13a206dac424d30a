// Small tools of the benchmarks: best of n, ratios, aligned tables.

/** Milliseconds of the quickest of n runs: noise only ever adds. */
export function best(times: number, work: () => void): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    work();
    shortest = Math.min(shortest, performance.now() - start);
  }
  return shortest;
}

/** Seconds that it takes, once. */
export async function seconds(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return (performance.now() - start) / 1_000;
}

export const inSeconds = (value: number): string => `${value.toFixed(1)} s`;

/** How much of the baseline: `0.10x` is a tenth of it. */
export function ratio(measured: number, baseline: number): string {
  return `${(measured / baseline).toFixed(2)}x`;
}

export function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((cell, i) => Math.max(cell.length, ...rows.map((row) => (row[i] ?? '').length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  process.stdout.write(`\n${title}\n${[head, ...rows].map((row) => `  ${line(row)}`).join('\n')}\n`);
}

/** Of an aim: a benchmark with one that is missed ends red. */
export type Verdict = 'holds' | 'MISSED';

export const verdict = (isSo: boolean): Verdict => (isSo ? 'holds' : 'MISSED');
