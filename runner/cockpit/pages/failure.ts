// One failure with what a reader needs to find its cause: what was promised and seen, the HTTP exchange, each attempt, its history.
import { duration, httpLines, reproduce } from '../../report/index.ts';
import { type AttemptResult, type CaseResult, decidingOf, type HistoryPoint } from '../../store/index.ts';
import { links } from '../html/links.ts';
import { pill } from '../html/marks.ts';
import { type Html, html, type Piece } from '../html/markup.ts';
import { block, line } from '../html/text.ts';
import { plural, type StatusWords } from '../html/words.ts';
import { historySquares } from '../svg/history.ts';
import { caseTitle } from './case-title.ts';
import { type KnownQuarantine, quarantineNote } from './quarantine.ts';

/** How much of each text is shown: in a list only the beginning, so that the page stays small. */
export interface Depth {
  readonly message: number;
  readonly value: number;
  readonly body: number;
  readonly stack: number;
}

export const inList: Depth = { message: 320, value: 220, body: 0, stack: 0 };
/** With what quotes become in HTML, one failure stays within a page of 30 KB. */
export const inFull: Depth = { message: 3_000, value: 2_500, body: 2_500, stack: 2_500 };
export const ofOthers: Depth = { message: 800, value: 400, body: 400, stack: 0 };

export interface FailureCard {
  readonly run: string;
  readonly environment: string;
  readonly item: CaseResult;
  readonly history: readonly HistoryPoint[];
  readonly depth: Depth;
  readonly quarantine: KnownQuarantine;
}

export function failureCard({ run, environment, item, history, depth, quarantine }: FailureCard): Html {
  const { verdict = 'error', attempts } = item;
  const shown = decidingOf(item);
  return html`<article class="card failure ${verdict}">
<header><h3>${caseTitle(item, links.caseOfRun(run, item.key))}</h3>${pill(verdict, verdict)}</header>
${quarantineNote(quarantine, item.key)}${shown === undefined ? '' : attemptBody(shown, depth)}
<div class="side quiet"><span>${duration(item.durationMs)}${
    attempts.length > 1
      ? html`, ${plural(attempts.length, 'attempt')}: ${attempts.map((attempt) => attemptWords(item, attempt).short).join(', then ')}`
      : ''
  }</span>${history.length > 1 ? historySquares(history) : ''}<a href="${links.case(environment, item.key)}">history</a></div>
${depth === inList ? '' : html`<p class="quiet">Repeat it:</p>${block(reproduceOf(item), 2_000, 'Command that repeats the case')}`}
</article>`;
}

/** As report/ writes it; the cockpit has no tags and targets of the case, and the command needs none. */
export function reproduceOf({ key, campaign, id, persona, title, file }: CaseResult): string {
  const base = { key, campaign, id, title, file, tags: [], targets: [] };
  return reproduce(persona === undefined ? base : { ...base, persona });
}

export function attemptWords({ isRunning }: CaseResult, { verdict }: AttemptResult): StatusWords {
  if (verdict !== undefined) return { short: verdict, tone: verdict };
  return isRunning ? { short: 'running', tone: 'running' } : { short: 'interrupted', tone: 'error' };
}

export function attemptBody({ failure, reason, verdict }: AttemptResult, depth: Depth): Piece {
  if (failure === undefined) {
    const words = reason ?? (verdict === undefined ? 'The case started and no end of it was recorded.' : '');
    return words === '' ? '' : html`<p class="message">${line(words, depth.message)}</p>`;
  }
  const { kind, message, expected, got, waitedMs, observations = [], http, stack } = failure;
  const { words, rest } = headline(message, depth);
  return html`<p class="message">${
    kind === 'assertion' || message.startsWith(kind) ? '' : html`<strong>${line(kind, 60)}</strong>: `
  }${line(words, depth.message)}</p>${rest === '' ? '' : block(rest, depth.message, 'Message')}
${
  expected === undefined && got === undefined
    ? ''
    : html`<div class="compare">${compared('expected', expected, depth)}${compared('got', got, depth)}</div>`
}${waitedMs === undefined ? '' : html`<p class="quiet">Waited ${duration(waitedMs)}.</p>`}${
  observations.length === 0 || depth === inList
    ? ''
    : html`<p class="label">Last observations</p><ul>${observations.slice(-3).map((seen) => html`<li>${line(seen, 400)}</li>`)}</ul>`
}${
  http === undefined
    ? ''
    : depth.body === 0
      ? html`<p class="quiet"><code>${line(`${http.method} ${http.url}`, 140)}</code> answered ${http.status ?? 'nothing'} in ${duration(http.timings.total)}.</p>`
      : html`<p class="label">HTTP exchange</p>${block(httpLines(http).join('\n'), depth.body, 'HTTP exchange')}`
}${stack === undefined || depth.stack === 0 ? '' : html`<details><summary>Stack</summary>${block(stack, depth.stack, 'Stack')}</details>`}`;
}

/** A message of many lines holds a table or a list: in a list its beginning is enough, in full its lines stay lines. */
function headline(message: string, depth: Depth): { readonly words: string; readonly rest: string } {
  const lines = message.split('\n');
  if (lines.length <= 2) return { words: message, rest: '' };
  if (depth === inList) return { words: lines.slice(0, 2).join('\n'), rest: '' };
  return { words: lines[0] ?? '', rest: lines.slice(1).join('\n') };
}

function compared(label: string, value: string | undefined, { value: limit }: Depth): Piece {
  return value === undefined
    ? ''
    : html`<div><p class="label">${label}</p>${block(value, limit, label)}</div>`;
}
