// A run: failures first, then what was skipped, then each campaign, then every case behind a filter.
import { duration } from '../../report/index.ts';
import type {
  CampaignCell,
  CaseResult,
  HistoryPoint,
  Listed,
  RunHead,
  SkipGroup,
} from '../../store/index.ts';
import { links } from '../html/links.ts';
import { type Html, html, type Piece } from '../html/markup.ts';
import { line } from '../html/text.ts';
import { time } from '../html/time.ts';
import { grouped, plural } from '../html/words.ts';
import { shownCampaigns } from '../svg/heatmap.ts';
import { type CaseTable, caseTable } from './case-table.ts';
import { failureCard, inList } from './failure.ts';
import { pagesOf, paging } from './paging.ts';
import type { KnownQuarantine } from './quarantine.ts';
import { skipsCard } from './skips.ts';
import { verdictCard } from './verdict-card.ts';

export const failuresPerPage = 5;

export interface RunPage extends Omit<CaseTable, 'told'> {
  readonly head: RunHead;
  readonly properties: Readonly<Record<string, string>>;
  readonly failures: Listed<CaseResult>;
  /** From 1. */
  readonly failurePage: number;
  readonly histories: ReadonlyMap<string, readonly HistoryPoint[]>;
  readonly skips: readonly SkipGroup[];
  readonly cells: readonly CampaignCell[];
  readonly quarantine: KnownQuarantine;
  /** Of all red cases of the run. */
  readonly quarantined: number;
  readonly hasNetwork: 'network matrix' | 'none';
  readonly now: number;
}

export function runPage(page: RunPage): Html {
  const { head, now, failures, failurePage, histories, skips, cells } = page;
  return html`<p class="crumbs"><a href="${links.runs({ environment: head.environment })}">Runs of ${line(head.environment, 60)}</a> / ${time(head.startedAt)}</p>
${verdictCard({ head, now, quarantined: page.quarantined, below: actions(page) })}
${
  failures.total === 0
    ? ''
    : html`<section class="group" aria-labelledby="failures"><h2 id="failures">Not as promised <span class="quiet">${plural(failures.total, 'case')}</span></h2>
${failures.rows.map((item) =>
  failureCard({
    run: head.run,
    environment: head.environment,
    item,
    history: histories.get(item.key) ?? [],
    depth: inList,
    quarantine: page.quarantine,
  }),
)}
${paging({
  page: failurePage,
  more: pagesOf(failures.total, failuresPerPage),
  label: 'Pages of failures',
  href: (target) => `${links.run(head.run, { ...page.filter, failures: target })}#failures`,
})}</section>`
}
${skipsCard(head, skips)}
${campaignsCard(head, cells)}
${caseTable({ ...page, told: new Set(failures.rows.map(({ key }) => key)) })}
${propertiesCard(page)}`;
}

function actions({ head, hasNetwork }: RunPage): Html {
  return html`<p class="actions stack">${
    head.status === 'running' ? html`<a class="button" href="${links.live(head.run)}">Watch it</a>` : ''
  }${hasNetwork === 'none' ? '' : html`<a class="button" href="${links.network(head.run)}">Network matrix</a>`}<a class="button" href="${links.junit(head.run)}">JUnit</a><a class="button" href="${links.ctrf(head.run)}">CTRF</a></p>`;
}

/** All are among the filters of the cases. */
const mostInCard = 10;

function campaignsCard({ run }: RunHead, cells: readonly CampaignCell[]): Piece {
  if (cells.length === 0) return '';
  const names = new Set(shownCampaigns(cells, mostInCard));
  const shown = cells.filter(({ campaign }) => names.has(campaign));
  return html`<section class="card" aria-labelledby="campaigns">
<h2 id="campaigns">Campaigns</h2>
<div class="table" tabindex="0" role="group" aria-label="Campaigns"><table>
<thead><tr><th scope="col">Campaign</th><th scope="col" class="n">Failed</th><th scope="col" class="n">Errors</th><th scope="col" class="n">Skipped</th><th scope="col" class="n">Not run</th><th scope="col" class="n">Passed</th><th scope="col" class="n">Time</th></tr></thead>
<tbody>${shown.map(
    (cell) => html`
<tr><th scope="row"><a href="${links.run(run, { campaign: cell.campaign })}#cases">${line(cell.campaign, 60)}</a></th>${number(cell.failed, 'failed')}${number(cell.error, 'error')}${number(cell.skipped, 'skipped')}${number(cell.notRun, 'notrun')}${number(cell.passed, 'passed')}<td class="n">${duration(cell.timeMs)}</td></tr>`,
  )}</tbody>
</table></div>
${cells.length > shown.length ? html`<p class="quiet">Those with the most that is not as promised; <a href="#cases">${plural(cells.length - shown.length, 'more campaign')}</a> to choose among the cases.</p>` : ''}
</section>`;
}

function number(count: number, tone: string): Html {
  return count === 0
    ? html`<td class="n zero">0</td>`
    : html`<td class="n ${tone}"><b>${grouped(count)}</b></td>`;
}

const shownProperties = 40;

function propertiesCard({ head, properties }: RunPage): Html {
  const all = Object.entries(properties);
  return html`<section class="card" aria-labelledby="properties">
<h2 id="properties">Facts of the run</h2>
<dl><dt>run</dt><dd class="key">${line(head.run)}</dd>${
    head.exitCode === undefined ? '' : html`<dt>exit code</dt><dd>${head.exitCode}</dd>`
  }${head.reason === undefined ? '' : html`<dt>ended</dt><dd>${line(head.reason)}</dd>`}${all
    .slice(0, shownProperties)
    .map(([name, value]) => html`<dt>${line(name, 60)}</dt><dd>${line(value, 200)}</dd>`)}</dl>
${all.length > shownProperties ? html`<p class="quiet">${plural(all.length - shownProperties, 'more fact')} in the JUnit file.</p>` : ''}
</section>`;
}
