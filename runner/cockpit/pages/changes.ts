// What is not as it was in the run before: the question of everybody who opens the page in the morning.
import type { Change, ChangeKind, RunHead } from '../../store/index.ts';
import { links } from '../html/links.ts';
import { mark, pill } from '../html/marks.ts';
import { type Html, html } from '../html/markup.ts';
import { line } from '../html/text.ts';
import { time } from '../html/time.ts';
import { grouped, plural, redOf, type Tone } from '../html/words.ts';
import { caseTitle } from './case-title.ts';
import { type KnownQuarantine, quarantineMark } from './quarantine.ts';

type ShownKind = Exclude<ChangeKind, 'still-failing'>;

const kinds: Readonly<
  Record<ShownKind, { readonly words: string; readonly tone: Tone; readonly filter: string }>
> = {
  'newly-failing': { words: 'Newly failing', tone: 'failed', filter: 'failed' },
  fixed: { words: 'Fixed', tone: 'passed', filter: 'passed' },
  'newly-skipped': { words: 'Newly skipped', tone: 'skipped', filter: 'skipped' },
  gone: { words: 'Gone: failed before, not planned now', tone: 'notrun', filter: 'failed' },
  flaky: { words: 'Flaky', tone: 'flaky', filter: 'flaky' },
};

export interface ChangesCard {
  readonly head: RunHead;
  readonly before: RunHead | undefined;
  readonly changes: readonly Change[];
  /** Cases that the run before planned and this one does not. */
  readonly dropped: number;
  readonly quarantine: KnownQuarantine;
}

export function changesCard(card: ChangesCard): Html {
  const { head, before, changes } = card;
  const still = changes.find(({ kind }) => kind === 'still-failing')?.count ?? 0;
  return html`<section class="card" aria-labelledby="changes">
<h2 id="changes">What changed${
    before === undefined
      ? ''
      : html` <span class="quiet">since the run of <a href="${links.run(before.run)}">${time(before.startedAt)}</a></span>`
  }</h2>
${before === undefined ? html`<p class="quiet">No run of this environment came to its own end before: there is nothing to compare it with.</p>` : changesSince(before, card)}
${still > 0 ? html`<p><a href="${links.run(head.run)}#failures">${plural(still, 'case')}</a> ${still === 1 ? 'is' : 'are'} still not as promised, as before.</p>` : ''}
</section>`;
}

function changesSince(before: RunHead, { head, changes, dropped, quarantine }: ChangesCard): Html {
  const there = changes.flatMap(({ kind, ...rest }) => (kind === 'still-failing' ? [] : [{ kind, ...rest }]));
  const gone = changes.find(({ kind }) => kind === 'gone')?.count ?? 0;
  return html`${
    there.length === 0
      ? html`<p>${nothingWords(head, dropped)}</p>`
      : html`<div class="changes">${there.map((change) => group(change.kind === 'gone' ? before : head, { ...change, cases: change.cases.slice(0, mostCases / there.length) }, quarantine))}</div>`
  }${
    dropped === 0
      ? ''
      : html`<p>${mark('notrun')} ${plural(dropped, 'case')} of the run before ${dropped === 1 ? 'is' : 'are'} not planned any more${gone === 0 ? '' : `, of them ${grouped(gone)} failed before`}.</p>`
  }`;
}

function nothingWords(head: RunHead, dropped: number): string {
  if (!hasResult(head)) return 'No case of this run came to its end: there is nothing to compare.';
  return dropped === 0
    ? 'Nothing: every case that came to its end has the result it had before.'
    : 'Every case that came to its end has the result it had before.';
}

/** Of all kinds: where everything changes at once, each kind shows fewer and says how many more there are. */
const mostCases = 12;

const hasResult = (head: RunHead): boolean => head.counts.pass + redOf(head) + head.counts.skip > 0;

/** `head`: the run in which the cases stand. */
function group(
  head: RunHead,
  { kind, count, cases }: Change & { readonly kind: ShownKind },
  quarantine: KnownQuarantine,
): Html {
  const { words, tone, filter } = kinds[kind];
  const more = count - cases.length;
  const isMarked = kind === 'newly-failing' || kind === 'flaky';
  return html`<div>
<h3>${pill(tone, html`${words}: ${grouped(count)}`)}</h3>
<ul class="list">${cases.map(
    (item) =>
      html`<li>${caseTitle(item, links.caseOfRun(head.run, item.key))}${
        item.note === '' ? '' : html`<span class="quiet">${line(item.note, 160)}</span>`
      }${isMarked ? quarantineMark(quarantine, item.key) : ''}</li>`,
  )}${more > 0 ? html`<li><a href="${links.run(head.run, { verdict: filter })}">${grouped(more)} more</a></li>` : ''}</ul>
</div>`;
}
