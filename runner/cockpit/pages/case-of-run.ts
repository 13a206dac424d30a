// One case of one run with everything that is known of it: the link people paste into a ticket.
import { duration } from '../../report/index.ts';
import { type CaseResult, decidingOf, type HistoryPoint, type RunHead } from '../../store/index.ts';
import { links } from '../html/links.ts';
import { pill } from '../html/marks.ts';
import { type Html, html } from '../html/markup.ts';
import { block, line } from '../html/text.ts';
import { time } from '../html/time.ts';
import { caseWords, plural } from '../html/words.ts';
import { historySquares } from '../svg/history.ts';
import { caseLabel } from './case-title.ts';
import { attemptBody, attemptWords, inFull, ofOthers, reproduceOf } from './failure.ts';
import { type KnownQuarantine, quarantineNote } from './quarantine.ts';

export interface CaseOfRun {
  readonly head: RunHead;
  readonly item: CaseResult;
  readonly history: readonly HistoryPoint[];
  readonly quarantine: KnownQuarantine;
}

const shownOthers = 2;

export function caseOfRun({ head, item, history, quarantine }: CaseOfRun): Html {
  const deciding = decidingOf(item);
  const others = item.attempts.filter((attempt) => attempt !== deciding);
  const { tone, short } = caseWords(item);
  const warnings = [...new Set(item.attempts.flatMap((attempt) => attempt.warnings))];
  return html`<p class="crumbs"><a href="${links.run(head.run)}">Run of ${time(head.startedAt)}</a> / ${line(caseLabel(item), 60)}</p>
<section class="card verdict ${tone}"><svg class="mark ${tone}" aria-hidden="true"><use href="#m-${tone}"/></svg><div>
<p class="place key">${line(caseLabel(item), 100)}</p>
<h1>${line(item.title === '' ? item.key : item.title, 400)}</h1>
<p class="facts">${pill(tone, item.isFlaky ? 'flaky: passed at last' : short)} <span class="quiet">${duration(item.durationMs)}, ${line(head.environment, 60)}${
    item.file === ''
      ? ''
      : html`, <code>${line(item.line === undefined ? item.file : `${item.file}:${item.line}`)}</code>`
  }</span></p>
<div class="side quiet">${history.length > 1 ? historySquares(history) : ''}<a href="${links.case(head.environment, item.key)}">history of this case</a></div>
${quarantineNote(quarantine, item.key)}
</div></section>
${deciding === undefined || (deciding.failure === undefined && deciding.reason === undefined) ? '' : html`<section class="card" aria-labelledby="what"><h2 id="what">What was seen</h2>${attemptBody(deciding, inFull)}</section>`}
${warnings.length === 0 ? '' : html`<section class="card" aria-labelledby="warnings"><h2 id="warnings">Warnings</h2><ul>${warnings.slice(0, 20).map((text) => html`<li>${line(text, 400)}</li>`)}</ul></section>`}
${
  others.length === 0
    ? ''
    : html`<section class="card" aria-labelledby="attempts"><h2 id="attempts">Other attempts</h2>${others
        .slice(0, shownOthers)
        .map((attempt) => {
          const { tone, short } = attemptWords(item, attempt);
          return html`<h3>Attempt ${attempt.attempt} ${pill(tone, short)}</h3>${attemptBody(attempt, ofOthers)}`;
        })}${others.length > shownOthers ? html`<p class="quiet">And ${plural(others.length - shownOthers, 'attempt')} more in the CTRF file.</p>` : ''}</section>`
}
<section class="card" aria-labelledby="repeat"><h2 id="repeat">Repeat it</h2>${block(reproduceOf(item), 2_000, 'Command that repeats the case')}</section>`;
}
