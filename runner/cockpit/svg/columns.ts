// One column per run, the same in the strip and in the heat map, so that the two can be read as one picture.
export const columnWidth = 22;
export const cellWidth = 18;
/** Left of the first column: names of campaigns. */
export const labelWidth = 92;

export const columnAt = (index: number): number => labelWidth + index * columnWidth;
export const widthOf = (columns: number): number => labelWidth + columns * columnWidth;

/** A rectangle as a path, so that all cells of one verdict are one element: a page stays small. */
export function rectangle(x: number, y: number, width: number, height: number): string {
  return `M${x} ${y}h${width}v${height}h${-width}z`;
}
