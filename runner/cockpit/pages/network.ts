// The network matrix of a run: for each step that was not as expected, who reached whom and should not have, or the other way round.
import type { CampaignCell, CaseResult, Listed, RunHead } from '../../store/index.ts';
import { links } from '../html/links.ts';
import { mark, pill } from '../html/marks.ts';
import { type Html, html, type Piece } from '../html/markup.ts';
import { line } from '../html/text.ts';
import { time } from '../html/time.ts';
import { plural } from '../html/words.ts';
import { type NetworkCell, networkCells } from '../network-cells.ts';
import { caseTitle } from './case-title.ts';
import { pagesOf, paging } from './paging.ts';

export const networkCampaign = 'NET';
export const stepsPerPage = 6;

export interface NetworkPage {
  readonly head: RunHead;
  readonly cell: CampaignCell | undefined;
  readonly failures: Listed<CaseResult>;
  /** From 1. */
  readonly page: number;
}

export function networkPage({ head, cell, failures, page }: NetworkPage): Html {
  return html`<p class="crumbs"><a href="${links.run(head.run)}">Run of ${time(head.startedAt)}</a> / network</p>
<h1>Network matrix</h1>
${cell === undefined ? html`<p>No step of campaign NET was planned.</p>` : standing(head, cell)}
${failures.rows.map((item) => step(head.run, item))}
${paging({
  page,
  more: pagesOf(failures.total, stepsPerPage),
  label: 'Pages of steps',
  href: (target) => `${links.network(head.run)}?page=${target}`,
})}`;
}

function standing({ run }: RunHead, { passed, failed, error, skipped, notRun }: CampaignCell): Html {
  const isKept = passed > 0 && failed + error + notRun === 0;
  return html`<p>${plural(passed, 'step')} enforced as declared, ${plural(failed + error, 'step')} not, ${plural(skipped, 'step')} skipped${
    notRun > 0 ? `, ${plural(notRun, 'step')} not run` : ''
  }. <a href="${links.run(run, { campaign: networkCampaign })}#cases">All steps</a></p>
${isKept ? html`<section class="card"><p>Every pair of Pods that was asked could talk, or could not, as its policies say.</p></section>` : ''}`;
}

function step(run: string, item: CaseResult): Html {
  const cells = networkCells(item);
  const verdict = item.verdict === 'failed' ? 'failed' : 'error';
  return html`<section class="card failure ${verdict}"><header><h2>${caseTitle(item, links.caseOfRun(run, item.key))}</h2>${pill(verdict, verdict)}</header>
${cells.length === 0 ? html`<p>Its failure names no pair of Pods; the case says more.</p>` : matrix(cells, verdict)}</section>`;
}

const most = 12;
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Only pairs that differ are known, so an empty field means: as expected, or not asked. What is wrong is said once per kind. */
function matrix(cells: readonly NetworkCell[], verdict: 'failed' | 'error'): Html {
  const kinds = [...Map.groupBy(cells, kindOf).values()]
    .toSorted((a, b) => b.length - a.length)
    .slice(0, letters.length);
  const letterOf = new Map(kinds.flatMap((same, i) => same.map((cell) => [placeOf(cell), letters[i] ?? ''])));
  const rows = [...new Set(cells.map(({ from }) => from))].sort();
  const columns = [...new Set(cells.map(({ to }) => to))].sort();
  const left = rows.length > most || columns.length > most;
  return html`<ul class="kinds">${kinds.map((same, i) => kind(letters[i] ?? '', same, verdict))}</ul>
<div class="table" tabindex="0" role="group" aria-label="Pairs that differ"><table class="matrix">
<thead><tr><th scope="col">from</th>${columns.slice(0, most).map((to) => html`<th scope="col">${head(to)}</th>`)}</tr></thead>
<tbody>${rows.slice(0, most).map(
    (from) => html`
<tr><th scope="row">${line(from, 60)}</th>${columns.slice(0, most).map((to) => field(letterOf.get(placeOf({ from, to })), verdict))}</tr>`,
  )}</tbody></table></div>${left ? html`<p class="quiet">More of ${plural(cells.length, 'pair')} stand in the case.</p>` : ''}`;
}

const placeOf = ({ from, to }: Pick<NetworkCell, 'from' | 'to'>): string => `${from} ${to}`;
const kindOf = ({ expected, observed, problem }: NetworkCell): string =>
  `${expected}\n${observed}\n${problem}`;

function kind(letter: string, same: readonly NetworkCell[], verdict: 'failed' | 'error'): Piece {
  const [cell] = same;
  if (cell === undefined) return '';
  const { expected, observed, problem } = cell;
  return html`<li>${pill(verdict, letter)} ${plural(same.length, 'pair')}: ${line(expected, 40)} as declared, ${line(observed, 40)} in the cluster${
    problem === '' ? '' : html` <span class="quiet">${line(problem, 40)}</span>`
  }</li>`;
}

/** Pod and port below each other: a row of them fits on a phone. */
function head(to: string): Html {
  const [pod = '', port = ''] = to.split(' ');
  return html`${line(pod, 40)}<br>${line(port, 20)}`;
}

function field(letter: string | undefined, verdict: 'failed' | 'error'): Html {
  return letter === undefined
    ? html`<td class="quiet">·</td>`
    : html`<td class="${verdict}">${mark(verdict)} ${letter}</td>`;
}
