// A run that goes on: how far it is, what failed so far, when it will be done. The script fills in new numbers as they come. Where none
// come, as without JavaScript, and where the numbers say that more has failed than is listed, the page loads again after a few seconds.
import { duration } from '../../report/index.ts';
import type { CaseLine, Listed, RunHead } from '../../store/index.ts';
import { links } from '../html/links.ts';
import { mark } from '../html/marks.ts';
import { type Html, html, type Piece } from '../html/markup.ts';
import { line } from '../html/text.ts';
import { time } from '../html/time.ts';
import {
  doneOf,
  errorsOf,
  grouped,
  partWords,
  progressWords,
  statuses,
  verdictSentence,
} from '../html/words.ts';
import { caseTitle } from './case-title.ts';

export interface LivePage {
  readonly head: RunHead;
  /** What is not as promised so far, failed before error. */
  readonly bad: Listed<CaseLine>;
}

/** What changes while a run goes on, by the names that the page and the script use. */
export interface LiveNumbers {
  readonly texts: Readonly<
    Record<'sentence' | 'took' | 'left' | 'failed' | 'errors' | 'skipped' | 'passed', string>
  >;
  readonly done: number;
  readonly planned: number;
}

export function liveNumbers(head: RunHead): LiveNumbers {
  return {
    texts: {
      sentence: verdictSentence(head),
      took: duration(head.durationMs),
      left: leftWords(head),
      failed: grouped(head.counts.fail),
      errors: grouped(errorsOf(head)),
      skipped: grouped(head.counts.skip),
      passed: grouped(head.counts.pass),
    },
    done: doneOf(head),
    planned: head.planned,
  };
}

/** At the pace so far. Nothing is said before a twentieth is done: it would be a guess. */
export function etaMs(head: RunHead): number | undefined {
  const done = doneOf(head);
  if (head.planned === 0 || done === 0 || done < head.planned / 20) return undefined;
  return (head.durationMs / done) * (head.planned - done);
}

function leftWords(head: RunHead): string {
  const left = etaMs(head);
  return left === undefined ? 'not known yet' : `about ${duration(left)}`;
}

export function livePage({ head, bad }: LivePage): Html {
  const { texts, done, planned } = liveNumbers(head);
  const isOver = head.status !== 'running';
  const { tone } = statuses[head.status];
  return html`<p class="crumbs"><a href="${links.run(head.run)}">Run of ${time(head.startedAt)}</a> / live</p>
<section class="card verdict ${tone}"${isOver ? '' : html` data-live="${links.run(head.run)}/events"`}>
${mark(tone)}
<div>
<p class="place">${line(head.environment, 80)}</p>
<h1 data-text="sentence" aria-live="polite">${texts.sentence}</h1>
${partWords(head) === '' ? '' : html`<p class="quiet">${line(partWords(head), 300)}</p>`}
${
  isOver
    ? html`<p>This run is over. <a href="${links.run(head.run)}">Its result</a></p>`
    : html`<p class="facts"><progress${planned === 0 ? '' : html` max="${planned}" value="${done}"`} aria-label="Cases that have ended">${progressWords(head)}</progress></p>
<p class="quiet">For <span data-text="took">${texts.took}</span>; left: <span data-text="left">${texts.left}</span>. <span data-text="connection"></span></p>`
}
<ul class="numbers"><li class="failed"><b data-text="failed">${texts.failed}</b> failed</li><li class="error"><b data-text="errors">${texts.errors}</b> errors</li><li class="skipped"><b data-text="skipped">${texts.skipped}</b> skipped</li><li class="passed"><b data-text="passed">${texts.passed}</b> passed</li></ul>
</div></section>
${
  bad.rows.length === 0
    ? ''
    : html`<section class="card" aria-labelledby="bad"><h2 id="bad">Not as promised so far</h2><ul class="list">${bad.rows.map(
        (item) =>
          html`<li>${caseTitle(item, links.caseOfRun(head.run, item.key))}<span class="quiet">${line(item.note, 200)}</span></li>`,
      )}</ul>${more(head.run, bad)}</section>`
}`;
}

function more(run: string, { rows, total }: Listed<CaseLine>): Piece {
  const left = total - rows.length;
  return left <= 0
    ? ''
    : html`<p class="quiet">And <a href="${links.run(run)}#failures">${grouped(left)} more</a>.</p>`;
}
