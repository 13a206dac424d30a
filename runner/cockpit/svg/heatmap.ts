// The heat map: campaigns by runs, in the columns of the strip. A cell has the colour of the worst that it holds, and where that is
// not a pass, how many; grey in its upper half where what did not pass was skipped, pale where all was, empty where it did not run.
import type { CampaignCell, RunHead } from '../../store/index.ts';
import { type Html, html } from '../html/markup.ts';
import { short } from '../html/text.ts';
import { plural, type Tone } from '../html/words.ts';
import { cellWidth, columnAt, labelAt, rectangle, widthOf } from './columns.ts';

const rowHeight = 22;
const cellHeight = 18;

export function heatmap(runs: readonly RunHead[], cells: readonly CampaignCell[]): Html {
  const campaigns = shownCampaigns(cells);
  const columns = new Map(runs.map(({ run }, index) => [run, index]));
  const height = campaigns.length * rowHeight;
  const paths = new Map<Tone | 'skipped half', string[]>();
  const counts: Html[] = [];
  for (const cell of cells) {
    const column = columns.get(cell.run);
    const row = campaigns.indexOf(cell.campaign);
    if (column === undefined || row === -1) continue;
    const { tone, count } = toneOf(cell);
    const [x, y] = [columnAt(column), row * rowHeight + 2];
    const draw = (drawn: Tone | 'skipped half', height: number) =>
      paths.set(drawn, [...(paths.get(drawn) ?? []), rectangle(x, y, cellWidth, height)]);
    draw(tone, cellHeight);
    if (tone === 'passed' && cell.skipped > 0) draw('skipped half', cellHeight / 2);
    if (count > 0)
      counts.push(
        html`<text class="in ${tone}" x="${x + cellWidth / 2}" y="${y + 13}">${count > 99 ? '99+' : count}</text>`,
      );
  }
  return html`<svg class="plot" role="img" aria-label="${summary(campaigns, cells, runs.length)}" width="${widthOf(runs.length)}" height="${height}" viewBox="0 0 ${widthOf(runs.length)} ${height}">${campaigns.map(
    (name, row) =>
      html`<text class="label" x="${labelAt(runs.length)}" y="${row * rowHeight + 15}">${short(name, 13)}</text>`,
  )}${[...paths].map(([tone, drawn]) => html`<path class="cell ${tone}" d="${drawn.join('')}"/>`)}${counts}</svg>`;
}

export const mostCampaigns = 20;

/** All where there are few; else those with the most that is not as promised, in the order of their names. */
export function shownCampaigns(cells: readonly CampaignCell[]): string[] {
  const bad = new Map<string, number>();
  for (const { campaign, failed, error } of cells)
    bad.set(campaign, (bad.get(campaign) ?? 0) + failed + error);
  return [...bad]
    .toSorted(([a, one], [b, other]) => other - one || byNumber(a, b))
    .slice(0, mostCampaigns)
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
    return red === 0 ? [] : [`${campaign} not as promised in ${red}`];
  });
  const head = `${plural(campaigns.length, 'campaign')} in ${plural(runs, 'run')}`;
  return bad.length === 0 ? `${head}: none with a failure` : `${head}: ${bad.join(', ')}`;
}
