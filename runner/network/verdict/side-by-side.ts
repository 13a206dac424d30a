// Expected and observed as two grids beside each other, for ports where they differ; only the differing cells are marked.
import type { CellResult, PodId } from './types.ts';

const signs = { allowed: '.', denied: 'X', 'implementation-defined': '~', unknown: '~' } as const;
const listed = 20;

export function sideBySide(cells: readonly CellResult[]): string {
  const wrong = cells.filter(isWrong);
  if (wrong.length === 0) return `${cells.length} cells as expected`;
  const ports = [...new Set(cells.map(portOf))].filter((port) => wrong.some((cell) => portOf(cell) === port));
  const grids = Map.groupBy(ports, (port) => gridOf(cells.filter((cell) => portOf(cell) === port)));
  const lines = wrong.slice(0, listed).map(lineOf);
  const rest = wrong.length - lines.length;
  return [
    `${wrong.length} of ${cells.length} cells not as expected (. allowed, X denied, ? cannot be said, ~ not judged)`,
    ...[...grids].map(([grid, same]) => `${same.join(', ')}\n${grid}`),
    ...lines,
    ...(rest > 0 ? [`... and ${rest} more`] : []),
  ].join('\n');
}

export function lineOf(cell: CellResult): string {
  const seen =
    cell.outcome === undefined ? 'no full cycle' : `${cell.observed ?? 'nothing sure'} (${cell.outcome})`;
  const detail = cell.detail === undefined ? '' : `: ${cell.detail}`;
  return `${cell.from} -> ${cell.to} ${portOf(cell)}: expected ${cell.expected}, observed ${seen}; ${cell.problem}${detail}`;
}

const isWrong = ({ verdict }: CellResult) => verdict === 'fail' || verdict === 'error';
const portOf = ({ port, protocol }: CellResult) => `${port}/${protocol}`;

/** Ports with the same grid share one. */
function gridOf(cells: readonly CellResult[]): string {
  const from = [...new Set(cells.map((cell) => cell.from))];
  const to = [...new Set(cells.map((cell) => cell.to))];
  const at = new Map(cells.map((cell) => [`${cell.from} ${cell.to}`, cell]));
  const width = Math.max(...to.map((id) => id.length)) + 1;
  const margin = Math.max(...from.map((id) => id.length));
  const row = (id: PodId, show: (cell: CellResult) => string) =>
    to.map((other) => center(cellText(at.get(`${id} ${other}`), show), width)).join('');
  const head = to.map((id) => center(id, width)).join('');
  const lines = from.map((id) => {
    const observed = row(id, (cell) => (isWrong(cell) ? `[${observedSign(cell)}]` : expectedSign(cell)));
    return `${id.padEnd(margin)} ${row(id, expectedSign)} | ${observed}`.trimEnd();
  });
  const title = `${' '.repeat(margin)} ${'expected'.padEnd(head.length)} | observed`;
  return [title, `${' '.repeat(margin)} ${head} | ${head}`.trimEnd(), ...lines].join('\n');
}

function cellText(cell: CellResult | undefined, show: (cell: CellResult) => string): string {
  return cell === undefined ? ' ' : show(cell);
}

function expectedSign({ expected }: CellResult): string {
  return signs[expected];
}

function observedSign({ verdict, observed }: CellResult): string {
  return verdict === 'error' || observed === undefined ? '?' : signs[observed];
}

function center(text: string, width: number): string {
  return text.padStart(Math.floor((width + text.length) / 2)).padEnd(width);
}
