// All runs, newest first, a page at a time.
import { duration } from '../../report/index.ts';
import type { Leafed, RunHead } from '../../store/index.ts';
import { links } from '../html/links.ts';
import { pill } from '../html/marks.ts';
import { type Html, html } from '../html/markup.ts';
import { line } from '../html/text.ts';
import { time } from '../html/time.ts';
import { partWords, statuses, verdictSentence } from '../html/words.ts';
import { environmentLinks } from './environment-links.ts';
import { paging } from './paging.ts';

export const runsPerPage = 30;

export interface RunsPage {
  readonly runs: Leafed<RunHead>;
  readonly environment: string | undefined;
  readonly environments: readonly string[];
  /** From 1. */
  readonly page: number;
}

export function runsPage({ runs, environment, environments, page }: RunsPage): Html {
  return html`<h1>Runs</h1>
<p class="quiet">${environment === undefined ? 'Of all environments' : html`Of ${line(environment, 60)}`}, newest first.</p>
${environmentLinks(environment, environments, (name) => links.runs(name === undefined ? {} : { environment: name }))}
<section class="card">${
    runs.rows.length === 0
      ? html`<p>No run here.</p>`
      : html`<div class="table" tabindex="0" role="group" aria-label="Runs"><table>
<thead><tr><th scope="col">Started</th><th scope="col">Verdict</th><th scope="col" class="roomy">Environment</th><th scope="col" class="n">Took</th></tr></thead>
<tbody>${runs.rows.map(
          (head) => html`
<tr><td><a href="${links.run(head.run)}">${time(head.startedAt)}</a></td><td>${pill(statuses[head.status].tone, statuses[head.status].short)}<br><span class="quiet">${verdictSentence(head)}${partWords(head) === '' ? '' : html`<br>${line(partWords(head), 160)}`}</span></td><td class="roomy">${line(head.environment, 60)}</td><td class="n">${duration(head.durationMs)}</td></tr>`,
        )}</tbody></table></div>`
  }${paging({
    page,
    more: runs.hasMore ? 'more' : 'none',
    label: 'Pages of runs',
    href: (target) => links.runs({ ...(environment === undefined ? {} : { environment }), page: target }),
  })}</section>`;
}
