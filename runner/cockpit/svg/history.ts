// What one case did in the last runs: a row of small squares for lists, and a plot of its durations for its own page.
import type { HistoryPoint } from '../../store/index.ts';
import { links } from '../html/links.ts';
import { type Html, html } from '../html/markup.ts';
import { utc } from '../html/time.ts';
import { caseWords, grouped, plural, type StatusWords, type Tone } from '../html/words.ts';
import { dashed } from './columns.ts';

/** Only runs in which the case started are told: one without a result that does not go on was cut off. */
export function pointWords(point: HistoryPoint): StatusWords {
  const isCut = point.verdict === undefined && !point.isRunning;
  return isCut ? { short: 'cut off', tone: 'notrun' } : caseWords(point);
}

/** Drawn large, or as a diamond: colour is not all that tells them apart. */
const bad: ReadonlySet<Tone> = new Set(['failed', 'error', 'flaky']);

export function historySquares(points: readonly HistoryPoint[]): Html {
  const squares = new Map<Tone, number[]>();
  for (const [index, point] of points.entries()) {
    const { tone } = pointWords(point);
    squares.set(tone, [...(squares.get(tone) ?? []), index]);
  }
  const [under] = [...squares]
    .filter(([tone]) => !bad.has(tone))
    .toSorted(([, one], [, other]) => other.length - one.length);
  // Drawn along the whole row, beneath what covers it: that takes less of a page than its gaps.
  const drawn =
    under === undefined
      ? [...squares]
      : [[under[0], [...points.keys()]] as const, ...[...squares].filter(([tone]) => tone !== under[0])];
  const red = points.filter(({ verdict }) => verdict === 'failed' || verdict === 'error').length;
  const words = `failed in ${red} of the last ${plural(points.length, 'run')}`;
  return html`<svg class="squares" role="img" width="${points.length * 8}" height="16"><title>${words}</title>${drawn.map(
    ([tone, indexes]) =>
      html`<path class="${bad.has(tone) ? 'tall ' : ''}${tone}" d="${dashed(indexes, 8, { left: 0, step: 8, width: 6 })}"/>`,
  )}</svg>`;
}

const [left, plotHeight, top] = [64, 120, 10] as const;

/** Dots over runs, oldest first; the height is the duration on a scale from zero. Each dot leads to its run. */
export function durationsPlot(points: readonly HistoryPoint[]): Html {
  const ended = points.map(({ durationMs }) => durationMs);
  const most = scaleEnd(Math.max(1, ...ended));
  const step = Math.min(22, Math.max(8, 640 / Math.max(1, points.length)));
  const width = Math.round(left + points.length * step + 12);
  const y = (ms: number) => Math.round((top + plotHeight * (1 - ms / most)) * 10) / 10;
  const height = top + plotHeight + 14;
  return html`<svg class="plot" role="group" aria-label="Durations of the last ${plural(points.length, 'run')}, oldest first" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${[
    0, 0.5, 1,
  ].map(
    (part) =>
      html`<path class="grid" d="M${left} ${y(most * part)}H${width}"/><text class="axis" x="${left - 8}" y="${y(most * part) + 4}">${milliseconds(most * part)}</text>`,
  )}${points.map((point, index) => {
    const x = Math.round((left + step * (index + 0.5)) * 10) / 10;
    const { tone, short } = pointWords(point);
    const words = `${utc(point.startedAt)}: ${short}, ${milliseconds(point.durationMs)}`;
    return html`
<a class="${tone}" href="${links.run(point.run)}"><title>${words}</title><path class="stem" d="M${x} ${y(0)}V${y(point.durationMs)}"/>${dot(tone, x, y(point.durationMs))}</a>`;
  })}</svg>`;
}

function dot(tone: Tone, x: number, y: number): Html {
  return bad.has(tone)
    ? html`<path class="dot" d="M${x} ${y - 6}l6 6l-6 6l-6-6z"/>`
    : html`<circle class="dot" cx="${x}" cy="${y}" r="4"/>`;
}

/** The next 1, 2 or 5 times a power of ten. */
export function scaleEnd(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

function milliseconds(value: number): string {
  return value < 1000 ? `${Math.round(value)} ms` : `${grouped(Math.round(value / 100) / 10)} s`;
}
