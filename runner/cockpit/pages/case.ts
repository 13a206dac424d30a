// The history of one case in one environment: since when it fails, how often it is flaky, how long it takes.
import { duration } from '../../report/index.ts';
import type { CaseName, FlakyCase, HistoryPoint } from '../../store/index.ts';
import { links } from '../html/links.ts';
import { pill } from '../html/marks.ts';
import { type Html, html } from '../html/markup.ts';
import { line } from '../html/text.ts';
import { time } from '../html/time.ts';
import { percent, plural } from '../html/words.ts';
import { durationsPlot, pointWords } from '../svg/history.ts';
import { caseLabel } from './case-title.ts';
import { type KnownQuarantine, quarantineNote } from './quarantine.ts';

export interface CasePage {
  readonly environment: string;
  readonly item: CaseName;
  /** Oldest first. */
  readonly history: readonly HistoryPoint[];
  /** Its newest result before these; undefined where it has none, and where {@link isRedThroughout} does not ask for it. */
  readonly before: HistoryPoint | undefined;
  /** Of the whole charter, of which this is the history. */
  readonly runs: number;
  readonly flake: FlakyCase | undefined;
  readonly quarantine: KnownQuarantine;
}

const listed = 30;

export function casePage({ environment, item, history, before, runs, flake, quarantine }: CasePage): Html {
  const last = newestResult(history) ?? history.at(-1);
  const tone = last === undefined ? 'notrun' : pointWords(last).tone;
  return html`<p class="crumbs"><a href="${links.environment(environment)}">${line(environment, 60)}</a> / ${line(caseLabel(item), 60)}</p>
<section class="card verdict ${tone}"><svg class="mark ${tone}" aria-hidden="true"><use href="#m-${tone}"/></svg><div>
<p class="place key">${line(caseLabel(item), 100)}</p>
<h1>${line(item.title === '' ? item.key : item.title, 400)}</h1>
<p class="facts">${history.length === 0 ? noneWords(runs) : standing(history, before)}</p>
${history.length === 0 ? '' : html`<p class="quiet">${flakeWords(history, flake)}</p>`}
${quarantineNote(quarantine, item.key)}
</div></section>${history.length === 0 ? '' : plotAndTable(item, history)}`;
}

const noneWords = (runs: number): string =>
  `It was in none of the last ${plural(runs, 'run')} of the whole charter, nor in a part of it since then.`;

function plotAndTable({ key }: CaseName, history: readonly HistoryPoint[]): Html {
  return html`
<section class="card" aria-labelledby="durations"><h2 id="durations">Durations <span class="quiet">of the last ${plural(history.length, 'run')}, oldest first</span></h2>
<div class="scroll" tabindex="0" role="region" aria-label="Durations as a picture">${durationsPlot(history)}</div>
<p class="legend"><span>A diamond: failed, error or flaky. A circle: passed or skipped.</span></p></section>
<section class="card" aria-labelledby="history"><h2 id="history">History</h2>
<div class="table" tabindex="0" role="group" aria-label="History"><table>
<thead><tr><th scope="col">Run</th><th scope="col">Verdict</th><th scope="col" class="n">Time</th></tr></thead>
<tbody>${history
    .toReversed()
    .slice(0, listed)
    .map((point) => {
      const { tone, short } = pointWords(point);
      return html`
<tr><td><a href="${links.caseOfRun(point.run, key)}">${time(point.startedAt)}</a></td><td>${pill(tone, short)}</td><td class="n">${hasResult(point) ? duration(point.durationMs) : ''}</td></tr>`;
    })}</tbody></table></div></section>`;
}

const hasResult = ({ verdict }: HistoryPoint): boolean => verdict !== undefined;
const isBad = ({ verdict }: HistoryPoint): boolean => verdict === 'failed' || verdict === 'error';

/** The first of the failures that go on until now; undefined where the last result is no failure. `points` oldest first. */
export function failingSince(points: readonly HistoryPoint[]): HistoryPoint | undefined {
  const seen = points.filter(hasResult);
  const lastGood = seen.findLastIndex((point) => !isBad(point));
  return seen[lastGood + 1];
}

/** Every result is a failure: whether they began with the oldest is only known from what was before. */
export const isRedThroughout = (points: readonly HistoryPoint[]): boolean =>
  points.some(hasResult) && points.filter(hasResult).every(isBad);

export const newestResult = (points: readonly HistoryPoint[]): HistoryPoint | undefined =>
  points.findLast(hasResult);

function standing(history: readonly HistoryPoint[], before: HistoryPoint | undefined): Html {
  const runs = `the last ${plural(history.length, 'run')}`;
  if (!history.some(hasResult)) return html`No result in ${runs}.`;
  const since = failingSince(history);
  if (since === undefined) {
    const bad = history.findLast(isBad);
    return bad === undefined
      ? html`No failure in ${runs}.`
      : html`Last failure: <a href="${links.run(bad.run)}">${time(bad.startedAt)}</a>.`;
  }
  const everGood = history.some(({ verdict }) => verdict === 'passed');
  const isOlder = before !== undefined && isBad(before);
  return html`${everGood ? 'Failing since' : `No pass in ${runs}: failing since`}${isOlder ? ' before' : ''} <a href="${links.run(since.run)}">${time(since.startedAt)}</a>.`;
}

function flakeWords(history: readonly HistoryPoint[], flake: FlakyCase | undefined): Html {
  if (flake === undefined) return html`Not flaky in the last ${plural(history.length, 'run')}.`;
  return html`Flaky in ${percent(flake.rate)} of ${plural(flake.runs, 'run')}: passed only on a retry ${plural(flake.retried, 'time')}, and differed from a run of the same image and configuration ${plural(flake.disagreed, 'time')}.`;
}
