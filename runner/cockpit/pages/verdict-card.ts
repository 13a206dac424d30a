// The verdict of a run, as large as it matters: the first thing on the overview and on the page of a run.
import { duration } from '../../report/index.ts';
import type { RunHead } from '../../store/index.ts';
import { mark } from '../html/marks.ts';
import { type Html, html, type Piece } from '../html/markup.ts';
import { line } from '../html/text.ts';
import { timeAndAge } from '../html/time.ts';
import {
  errorsOf,
  grouped,
  partWords,
  plural,
  redOf,
  statuses,
  type Tone,
  toComeOf,
  verdictSentence,
} from '../html/words.ts';

export interface VerdictCard {
  readonly head: RunHead;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Where it is not that of the verdict: an old green. */
  readonly tone?: Tone;
  /** Where the sentence leads to, if not nowhere. */
  readonly href?: string;
  /** Of its red cases. */
  readonly quarantined: number;
  /** More below the numbers. */
  readonly below?: Piece;
}

export function verdictCard({
  head,
  now,
  href,
  quarantined,
  below,
  tone = statuses[head.status].tone,
}: VerdictCard): Html {
  const sentence = verdictSentence(head);
  return html`<section class="card verdict ${tone}" aria-labelledby="verdict">
${mark(tone)}
<div>
<p class="place">${line(head.environment, 80)}</p>
<h1 id="verdict">${href === undefined ? sentence : html`<a href="${href}">${sentence}</a>`}</h1>
<p class="facts quiet">Run of ${timeAndAge(head.startedAt, now)}${
    head.status === 'running' ? '' : html`; took ${duration(head.durationMs)}`
  } on ${line(head.host, 60)}</p>
${partOf(head)}${reasonOf(head)}
${numbers(head)}
${quarantinedOf(head, quarantined)}${below}
</div>
</section>`;
}

function partOf(head: RunHead): Piece {
  const part = partWords(head);
  return part === '' ? '' : html`<p>Only a ${line(part, 300)}. It is no verdict on its environment.</p>`;
}

/** Why it ended, where that is not plain from the verdict. */
function reasonOf({ status, reason }: RunHead): Piece {
  const isPlain = status === 'passed' || status === 'failed' || status === 'running';
  return isPlain || reason === undefined || reason === '' ? '' : html`<p>${line(reason, 300)}</p>`;
}

/** It stays red: this says whose it may be. */
function quarantinedOf(head: RunHead, quarantined: number): Piece {
  if (quarantined === 0) return '';
  const red = redOf(head);
  return html`<p class="quiet">${plural(red, 'case')} ${red === 1 ? 'is' : 'are'} not as promised, of them ${grouped(quarantined)} in quarantine.</p>`;
}

export function numbers(head: RunHead): Html {
  const { counts, flaky } = head;
  const all: readonly (readonly [Tone, number, string])[] = [
    ['failed', counts.fail, 'failed'],
    ['error', errorsOf(head), errorsOf(head) === 1 ? 'error' : 'errors'],
    ['notrun', toComeOf(head), head.status === 'running' ? 'to come' : 'not run'],
    ['flaky', flaky, 'flaky'],
    ['skipped', counts.skip, 'skipped'],
    ['passed', counts.pass, 'passed'],
  ];
  const shown = all.filter(([tone, count]) => count > 0 || tone === 'failed' || tone === 'passed');
  return html`<ul class="numbers" aria-label="${plural(counts.tests, 'case')}">${shown.map(
    ([tone, count, words]) =>
      html`<li class="${count === 0 ? 'zero' : tone}"><b>${grouped(count)}</b> ${words}</li>`,
  )}</ul>`;
}
