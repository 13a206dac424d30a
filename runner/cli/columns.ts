// Text for a terminal of 80 columns: what names a row is never cut, what only describes it gets the place that is left.

export interface Columns {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Indexes of the columns that name the row: they go on in the next line where they have no room. */
  readonly names: readonly number[];
  /** Indexes of those that are cut where the line would be too long, the widest first. */
  readonly elastic?: readonly number[];
}

const gap = '  ';
const width = 80;
const least = 6;

export function columns({ head, rows, names, elastic = [] }: Columns): string[] {
  const all = [head, ...rows].map((row) => row.map(oneLine));
  const widths = head.map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0)));
  const widthOf = (column: number) => widths[column] ?? 0;
  const widest = (columns: readonly number[]) =>
    columns.filter((one) => widthOf(one) > least).toSorted((a, b) => widthOf(b) - widthOf(a))[0];
  const total = widths.reduce((sum, one) => sum + one, gap.length * (head.length - 1));
  for (let excess = total - width; excess > 0; excess--) {
    const shrinking = widest(elastic) ?? widest(names);
    if (shrinking === undefined) break;
    widths[shrinking] = widthOf(shrinking) - 1;
  }
  const linesOf = (cell: string, i: number) =>
    names.includes(i) ? folded(cell, widthOf(i)) : [cut(cell, widthOf(i))];
  return all.flatMap((row) => {
    const cells = row.map(linesOf);
    return Array.from({ length: Math.max(...cells.map((lines) => lines.length)) }, (_, nth) =>
      cells
        .map((lines, i) => (lines[nth] ?? '').padEnd(widthOf(i)))
        .join(gap)
        .trimEnd(),
    );
  });
}

/** At spaces where there are any. */
export function folded(text: string, most = width): string[] {
  const parts = oneLine(text).match(new RegExp(`.{1,${most}}(?: |$)|.{1,${most}}`, 'gu')) ?? [''];
  return parts.map((part) => part.trimEnd());
}

/** Nothing a terminal would act on. */
function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim();
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
