// The overview: what a platform engineer reads at eight, in one minute. One environment in full, the others as one line each.
import type { CampaignCell, EnvironmentHead, RunHead } from '../../store/index.ts';
import { isGreen, isStale, lastWords } from '../freshness.ts';
import { links } from '../html/links.ts';
import { pill } from '../html/marks.ts';
import { type Html, html, type Piece } from '../html/markup.ts';
import { line } from '../html/text.ts';
import { timeAndAge } from '../html/time.ts';
import {
  ageWords,
  grouped,
  partWords,
  progressWords,
  type StatusWords,
  statuses,
  verdictSentence,
} from '../html/words.ts';
import { type ChangesCard, changesCard } from './changes.ts';
import { runsCard } from './plots.ts';
import { verdictCard } from './verdict-card.ts';

export interface Overview extends Omit<ChangesCard, 'head'> {
  readonly environments: readonly EnvironmentHead[];
  /** The one in full. */
  readonly shown: EnvironmentHead;
  /** Of the red cases of the last run. */
  readonly quarantined: number;
  /** Oldest first. */
  readonly runs: readonly RunHead[];
  readonly cells: readonly CampaignCell[];
  readonly now: number;
}

export function overview(page: Overview): Html {
  const { shown, runs, cells, now, environments, quarantined } = page;
  const { last, running } = shown;
  return html`${runningNotice(running)}
${
  last === undefined
    ? html`<section class="card"><h1>${line(shown.environment)}</h1><p>${noWholeRun(runs)}</p>${partsNote(undefined, runs)}</section>`
    : verdictCard({
        head: last,
        now,
        tone: lastWords(last, now).tone,
        href: links.run(last.run),
        quarantined,
        below: html`${greenNote(shown, now)}${partsNote(last, runs)}`,
      })
}
${last === undefined ? '' : changesCard({ ...page, head: last })}
${runs.length === 0 ? '' : runsCard(shown.environment, runs, cells)}
${environments.length > 1 ? others(page) : ''}`;
}

function runningNotice(running: RunHead | undefined): Piece {
  if (running === undefined) return '';
  return html`<p class="notice running">A run${running.selection === undefined ? '' : ' of a part of the charter'} is going on: ${progressWords(running)}. <a href="${links.live(running.run)}">Watch it</a></p>`;
}

function noWholeRun(runs: readonly RunHead[]): string {
  return runs.some(({ selection }) => selection !== undefined)
    ? 'No run of the whole charter has ended here yet, only runs of a part of it: they are no verdict on this environment.'
    : 'No run of this environment has ended yet.';
}

/** The newest part that ended after the last whole run: told, and never in place of the verdict. */
function partsNote(last: RunHead | undefined, runs: readonly RunHead[]): Piece {
  const part = runs.findLast(({ selection, status }) => selection !== undefined && status !== 'running');
  if (part === undefined || (last !== undefined && part.startedAt < last.startedAt)) return '';
  const { tone, short } = statuses[part.status];
  return html`<p class="quiet">${pill(tone, short)} <a href="${links.run(part.run)}">${last === undefined ? 'The newest' : 'Since then'}</a>: ${line(partWords(part), 160)}</p>`;
}

function greenNote({ last, lastGreenAt }: EnvironmentHead, now: number): Piece {
  if (last === undefined || last.status === 'passed') {
    return last !== undefined && isStale(last, now)
      ? html`<p class="quiet">${pill('flaky', 'old')} No newer run in ${ageWords(now - Date.parse(last.lastAt))}. Does the schedule still start them?</p>`
      : '';
  }
  return lastGreenAt === undefined
    ? html`<p class="quiet">No run of this environment has been green.</p>`
    : html`<p class="quiet">Last green run: ${timeAndAge(lastGreenAt, now)}.</p>`;
}

const pillOf = ({ tone, short }: StatusWords): Html => pill(tone, short);

const mostOthers = 20;

/** What is not green comes first, and of that what did not pass: what is left out is green, unless more than these are not. */
function others({ environments, shown, now }: Overview): Html {
  const rank = ({ last }: EnvironmentHead): number =>
    last?.status !== 'passed' ? 0 : isGreen(last, now) ? 2 : 1;
  const listed = environments.toSorted((a, b) => rank(a) - rank(b)).slice(0, mostOthers);
  const more = environments.length - listed.length;
  return html`<section class="card" aria-labelledby="environments">
<h2 id="environments">Environments</h2>
<ul class="list">${listed.map(
    ({ environment, last, running }) => html`
<li><strong>${
      environment === shown.environment
        ? line(environment)
        : html`<a href="${links.environment(environment)}">${line(environment)}</a>`
    }</strong> ${
      last === undefined
        ? 'no run of the whole charter has ended yet'
        : html`${pillOf(lastWords(last, now))} ${verdictSentence(last)}
<span class="quiet">${timeAndAge(last.startedAt, now)}</span>`
    }${running === undefined ? '' : html` <a href="${links.live(running.run)}">A run is going on</a>`}</li>`,
  )}${more > 0 ? html`<li><a href="${links.runs()}">${grouped(more)} more</a></li>` : ''}</ul>
</section>`;
}
