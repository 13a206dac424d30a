// Tables for a terminal of 80 columns: short cells stand whole, the one that may be long gets what is left.

export interface Columns {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Index of the column that is cut where the line would be too long. */
  readonly elastic: number;
  readonly width?: number;
}

const gap = '  ';

export function columns({ head, rows, elastic, width = 80 }: Columns): string[] {
  const all = [head, ...rows].map((row) => row.map(oneLine));
  const widths = head.map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0)));
  const others = widths.reduce(
    (sum, one, i) => sum + (i === elastic ? 0 : one),
    gap.length * (head.length - 1),
  );
  widths[elastic] = Math.min(widths[elastic] ?? 0, Math.max(8, width - others));
  return all.map((row) =>
    row
      .map((cell, i) => cut(cell, widths[i] ?? 0).padEnd(widths[i] ?? 0))
      .join(gap)
      .trimEnd(),
  );
}

/** Nothing a terminal would act on. */
function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim();
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
