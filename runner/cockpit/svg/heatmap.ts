// The heat map: campaigns by runs, in the columns of the strip. A cell has the colour of the worst that it holds, and where that is
// not a pass, how many; grey in its upper half where what did not pass was skipped, pale where all was, empty where it did not run.
import type { CampaignCell, RunHead } from '../../store/index.ts';
import { type Html, html, type Piece } from '../html/markup.ts';
import { short } from '../html/text.ts';
import { plural, type Tone } from '../html/words.ts';
import { cellWidth, columnAt, columnWidth, dashed, labelAt, widthOf } from './columns.ts';

const rowHeight = 22;
const boxes = { left: columnAt(0), step: columnWidth, width: cellWidth };

/** What the stylesheet draws a cell as; `skipped half` lies over the upper half of a pass. */
type Drawn = Tone | 'skipped half';
type Row = readonly (CampaignCell | undefined)[];

export function heatmap(runs: readonly RunHead[], cells: readonly CampaignCell[]): Html {
  const campaigns = shownCampaigns(cells);
  const height = campaigns.length * rowHeight;
  const paths = new Map<Drawn, string>();
  const rows = campaigns.map((campaign): Row => {
    const byRun = new Map(cells.filter((cell) => cell.campaign === campaign).map((cell) => [cell.run, cell]));
    return runs.map(({ run }) => byRun.get(run));
  });
  for (const [index, row] of rows.entries())
    for (const [drawn, columns] of columnsOf(row)) {
      const y = index * rowHeight + (drawn === 'skipped half' ? 6 : 11);
      paths.set(drawn, `${paths.get(drawn) ?? ''}${dashed(columns, y, boxes)}`);
    }
  return html`<svg class="plot" role="img" aria-label="${summary(campaigns, cells, runs.length)}" width="${widthOf(runs.length)}" height="${height}" viewBox="0 0 ${widthOf(runs.length)} ${height}"><g class="label">${campaigns.map(
    (name, row) =>
      html`<text x="${labelAt(runs.length)}" y="${row * rowHeight + 15}">${short(name, 13)}</text>`,
  )}</g>${[...paths].map(([drawn, d]) => html`<path class="cell ${drawn}" d="${d}"/>`)}<g class="in">${rows.map(
    (row, index) => numbers(row, index * rowHeight + 15),
  )}</g></svg>`;
}

function columnsOf(row: Row): Map<Drawn, number[]> {
  const columns = new Map<Drawn, number[]>();
  for (const [column, cell] of row.entries()) {
    if (cell === undefined) continue;
    const { tone } = toneOf(cell);
    const drawn: readonly Drawn[] =
      tone === 'passed' && cell.skipped > 0 ? ['passed', 'skipped half'] : [tone];
    for (const one of drawn) columns.set(one, [...(columns.get(one) ?? []), column]);
  }
  return columns;
}

/** Of the middle of a cell, by how many characters stand in it. */
const places: Readonly<Record<number, readonly number[]>> = { 1: [0], 2: [-3, 4], 3: [-6, 0, 6] };

/** The numbers of a row as one text, in which every character has its place: an element for each would be half of the page. */
function numbers(row: Row, y: number): Piece {
  const shown = row.flatMap((cell, column) => {
    const count = cell === undefined ? 0 : toneOf(cell).count;
    return count === 0
      ? []
      : [{ text: count > 99 ? '99+' : String(count), middle: columnAt(column) + cellWidth / 2 }];
  });
  if (shown.length === 0) return '';
  const xs = shown.map(({ text, middle }) =>
    (places[text.length] ?? []).map((place) => middle + place).join(' '),
  );
  // The space between two numbers takes a place too.
  return html`<text y="${y}" x="${xs.join(' 0 ')}">${shown.map(({ text }) => text).join(' ')}</text>`;
}

export const mostCampaigns = 20;

/** All where there are few; else those with the most that is not as promised, in the order of their names. */
export function shownCampaigns(cells: readonly CampaignCell[], most = mostCampaigns): string[] {
  const bad = new Map<string, number>();
  for (const { campaign, failed, error } of cells)
    bad.set(campaign, (bad.get(campaign) ?? 0) + failed + error);
  return [...bad]
    .toSorted(([a, one], [b, other]) => other - one || byNumber(a, b))
    .slice(0, most)
    .map(([campaign]) => campaign)
    .sort(byNumber);
}

/** The worst there is and how often; failed weighs more than error, as in the exit code. */
export function toneOf(cell: CampaignCell): { readonly tone: Tone; readonly count: number } {
  if (cell.failed > 0) return { tone: 'failed', count: cell.failed + cell.error };
  if (cell.error > 0) return { tone: 'error', count: cell.error };
  if (cell.passed > 0) return { tone: cell.notRun > 0 ? 'notrun' : 'passed', count: 0 };
  return { tone: cell.skipped > 0 ? 'skipped' : 'notrun', count: 0 };
}

const numeric = new Intl.Collator('en', { numeric: true });

/** C-9 before C-10. */
export const byNumber = (a: string, b: string): number => numeric.compare(a, b);

function summary(campaigns: readonly string[], cells: readonly CampaignCell[], runs: number): string {
  const bad = campaigns.flatMap((campaign) => {
    const red = cells.filter((cell) => cell.campaign === campaign && cell.failed + cell.error > 0).length;
    return red === 0 ? [] : [`${campaign} in ${red}`];
  });
  const head = `${plural(campaigns.length, 'campaign')} in ${plural(runs, 'run')}`;
  return bad.length === 0 ? `${head}: none with a failure` : `${head}; not as promised: ${bad.join(', ')}`;
}
