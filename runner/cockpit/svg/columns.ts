// One column per run, the same in the strip and in the heat map, so that the two can be read as one picture.
export const columnWidth = 22;
export const cellWidth = 18;
/** Right of the last column: names of campaigns, beside the newest run, where a narrow screen begins. */
const labelWidth = 96;

export const columnAt = (index: number): number => 2 + index * columnWidth;
export const labelAt = (columns: number): number => columnAt(columns) + 6;
export const widthOf = (columns: number): number => columnAt(columns) + labelWidth;

/** Boxes in a row. The stylesheet draws them as the dashes of a thick line, and knows their width and the gap between them. */
export interface Dashes {
  readonly left: number;
  readonly step: number;
  readonly width: number;
}

/** A path over the boxes at `indexes`, ascending: neighbours are one line, so that a page of many boxes stays small. */
export function dashed(indexes: readonly number[], y: number, { left, step, width }: Dashes): string {
  const isIn = new Set(indexes);
  const ends = indexes.filter((index) => !isIn.has(index + 1));
  return indexes
    .filter((index) => !isIn.has(index - 1))
    .map((first, at) => `M${left + first * step} ${y}h${((ends[at] ?? first) - first) * step + width}`)
    .join('');
}
