// What the quarantine file says of a case: who looks after it and until when. It changes no verdict; past its day it counts no more, and
// is told by name so that somebody looks.
import type { Quarantine, Quarantined } from '../../store/index.ts';
import { links } from '../html/links.ts';
import { pill } from '../html/marks.ts';
import { type Html, html, type Piece } from '../html/markup.ts';
import { line } from '../html/text.ts';
import { plural } from '../html/words.ts';

/** Unreadable: its owner learns that from the log, a reader that nothing is marked. */
export type KnownQuarantine = Quarantine | 'unreadable';

/** Nothing for a case that no entry names. */
export function quarantineNote(quarantine: KnownQuarantine, key: string): Piece {
  const { mark, entry } = markedOf(quarantine, key) ?? {};
  return entry === undefined ? '' : html`<p class="quiet">${mark} ${words(entry)}</p>`;
}

/** The same without the reason, for a row of a list. */
export function quarantineMark(quarantine: KnownQuarantine, key: string): Piece {
  const { mark, entry } = markedOf(quarantine, key) ?? {};
  return entry === undefined ? '' : html`<span class="quiet">${mark} ${owned(entry)}</span>`;
}

function markedOf(
  quarantine: KnownQuarantine,
  key: string,
): { readonly mark: Html; readonly entry: Quarantined } | undefined {
  if (quarantine === 'unreadable') return undefined;
  const active = quarantine.active.get(key);
  if (active !== undefined) return { mark: activeMark, entry: active };
  const entry = quarantine.expired.find((one) => one.case === key);
  return entry === undefined ? undefined : { mark: expiredMark, entry };
}

const activeMark = pill('skipped', 'quarantine');
const expiredMark = pill('error', 'quarantine expired');

const owned = ({ owner, expires }: Quarantined): Html => html`${line(owner, 60)}, until ${line(expires, 20)}`;

const words = (entry: Quarantined): Html => html`${owned(entry)}: ${line(entry.reason, 200)}`;

const shown = 20;

/** Every entry of the file, the expired ones first; nothing where there is none. */
export function quarantineCard(
  quarantine: KnownQuarantine,
  page: {
    /** Where the links lead to. */
    readonly environment: string | undefined;
    /** Keys of cases beside which the page has told their entry. */
    readonly told: ReadonlySet<string>;
  },
): Piece {
  if (quarantine === 'unreadable')
    return html`<p class="notice">The quarantine file cannot be read, so no case is marked. The log of the cockpit says why.</p>`;
  const { active, expired } = quarantine;
  const entries = [
    ...expired.map((entry) => [expiredMark, entry] as const),
    ...[...active.values()].map((entry) => [activeMark, entry] as const),
  ];
  if (entries.length === 0) return '';
  const { environment, told } = page;
  const left = entries.length - shown;
  return html`<section class="card" aria-labelledby="quarantine"><h2 id="quarantine">Quarantine <span class="quiet">${plural(entries.length, 'case')}, ${expired.length} expired</span></h2>
<p class="quiet">Counted apart until their day. A red run stays red.</p>
<ul class="list">${entries.slice(0, shown).map(
    ([mark, entry]) => html`
<li>${mark} ${
      environment === undefined
        ? html`<span class="key">${line(entry.case, 100)}</span>`
        : html`<a class="key" href="${links.case(environment, entry.case)}">${line(entry.case, 100)}</a>`
    } <span class="quiet">${told.has(entry.case) ? 'as above' : words(entry)}</span></li>`,
  )}</ul>${left > 0 ? html`<p class="quiet">And ${plural(left, 'case')} more in the file.</p>` : ''}</section>`;
}
