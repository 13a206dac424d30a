// One column per run, the same in the strip and in the heat map, so that the two can be read as one picture.
export const columnWidth = 22;
export const cellWidth = 18;
/** Right of the last column: names of campaigns, beside the newest run, where a narrow screen begins. */
const labelWidth = 96;

export const columnAt = (index: number): number => 2 + index * columnWidth;
export const labelAt = (columns: number): number => columnAt(columns) + 6;
export const widthOf = (columns: number): number => columnAt(columns) + labelWidth;

/** A rectangle as a path, so that all cells of one verdict are one element: a page stays small. */
export function rectangle(x: number, y: number, width: number, height: number): string {
  return `M${x} ${y}h${width}v${height}h${-width}z`;
}
