// The strip: the last runs of an environment, oldest first. A bar's height is how long the run took, its colour and mark how it
// ended, and the number above it how many cases were not as promised. Each bar leads to its run.
import type { RunHead } from '../../store/index.ts';
import { links } from '../html/links.ts';
import { type Html, html, type Piece } from '../html/markup.ts';
import { short } from '../html/text.ts';
import { shortDay, utc } from '../html/time.ts';
import { partWords, redOf, statuses, verdictSentence } from '../html/words.ts';
import { cellWidth, columnAt, labelAt, widthOf } from './columns.ts';

const barTop = 16;
const barHeight = 44;
const shortest = 18;
const height = barTop + barHeight + 20;

export function strip(runs: readonly RunHead[]): Html {
  const longest = Math.max(1, ...runs.map(({ durationMs }) => durationMs));
  return html`<svg class="plot strip" role="group" aria-label="The last runs, oldest first" width="${widthOf(runs.length)}" height="${height}" viewBox="0 0 ${widthOf(runs.length)} ${height}">
<text class="label" x="${labelAt(runs.length)}" y="${barTop + barHeight - 8}">run</text>${runs.map((head, index) => bar(head, index, longest))}<g class="count" aria-hidden="true">${runs.map((head, index) => count(head, index, longest))}</g>${dayLabels(runs)}</svg>`;
}

const tallOf = ({ durationMs }: RunHead, longest: number): number =>
  Math.round(shortest + (barHeight - shortest) * (durationMs / longest));

function bar(head: RunHead, index: number, longest: number): Html {
  const { tone } = statuses[head.status];
  const tall = tallOf(head, longest);
  const x = columnAt(index);
  const bad = redOf(head);
  const part = partWords(head);
  const kind = part === '' ? '' : ' part';
  const words = `${utc(head.startedAt)}: ${verdictSentence(head)}${bad === 0 ? '' : ` (${bad} not as promised)`}${part === '' ? '' : `, ${short(part, 120)}`}`;
  return html`
<a class="${tone}${kind}" href="${links.run(head.run)}"><title>${words}</title><rect x="${x}" y="${barTop + barHeight - tall}" width="${cellWidth}" height="${tall}" rx="3"/><use href="#m-${tone}" x="${x + 3}" y="${barTop + barHeight - 15}" width="12" height="12"/></a>`;
}

/** Outside of the link, whose title says it too. */
function count(head: RunHead, index: number, longest: number): Piece {
  const bad = redOf(head);
  if (bad === 0) return '';
  const y = barTop + barHeight - tallOf(head, longest) - 4;
  return html`<text x="${columnAt(index) + cellWidth / 2}" y="${y}">${bad > 999 ? '1k+' : bad}</text>`;
}

/** A day's name under its first run, where there is room for it. */
function dayLabels(runs: readonly RunHead[]): Html[] {
  let last = '';
  let free = 0;
  return runs.flatMap(({ startedAt }, index) => {
    const day = shortDay(startedAt);
    if (day === last || index < free || index > runs.length - 2) return [];
    last = day;
    free = index + 4;
    return [html`<text class="day" x="${columnAt(index)}" y="${height - 5}">${day}</text>`];
  });
}
