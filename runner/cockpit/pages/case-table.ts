// Cases of a run as a table, with the filters that make 10,000 of them readable. A filter is a query string: it can be sent on.
import { duration } from '../../report/index.ts';
import type { CaseFilter, CaseLine, Listed } from '../../store/index.ts';
import { links } from '../html/links.ts';
import { pill } from '../html/marks.ts';
import { type Html, html } from '../html/markup.ts';
import { line } from '../html/text.ts';
import { caseWords, plural } from '../html/words.ts';
import { caseTitle } from './case-title.ts';
import { pagesOf, paging } from './paging.ts';

export const casesPerPage = 12;

export interface CaseTable {
  readonly run: string;
  readonly cases: Listed<CaseLine>;
  readonly filter: CaseFilter;
  /** From 1. */
  readonly page: number;
  readonly campaigns: readonly string[];
  readonly personas: readonly string[];
  /** Keys of cases whose failure stands above: it is not told again. */
  readonly told: ReadonlySet<string>;
}

export function caseTable({ run, cases, filter, page, campaigns, personas, told }: CaseTable): Html {
  return html`<section class="card" aria-labelledby="cases">
<h2 id="cases">${isFiltered(filter) ? 'Cases that match' : 'All cases'} <span class="quiet">${plural(cases.total, 'case')}</span></h2>
<form class="filter" method="get" action="${links.run(run)}#cases">
${choice('verdict', 'Verdict', filter.verdict, ['failed', 'error', 'flaky', 'skipped', 'not-run', 'passed'])}
${choice('campaign', 'Campaign', filter.campaign, campaigns)}
${personas.length === 0 ? '' : choice('persona', 'Persona', filter.persona, personas)}
<label>Words of key or title<input type="search" name="text" value="${filter.text ?? ''}" maxlength="200"></label>
<button>Filter</button>${isFiltered(filter) ? html` <a class="button" href="${links.run(run)}#cases">All</a>` : ''}
</form>
${
  cases.rows.length === 0
    ? html`<p>No case of this run matches.</p>`
    : html`<div class="table" tabindex="0" role="group" aria-label="Cases"><table>
<thead><tr><th scope="col" class="fit">Verdict</th><th scope="col">Case</th><th scope="col" class="n">Time</th></tr></thead>
<tbody>${cases.rows.map((item) => row(run, item, told))}</tbody>
</table></div>`
}
${paging({
  page,
  more: pagesOf(cases.total, casesPerPage),
  label: 'Pages of cases',
  href: (target) => `${links.run(run, { ...filter, page: target })}#cases`,
})}
</section>`;
}

export const isFiltered = (filter: CaseFilter): boolean =>
  Object.values(filter).some((value) => value !== undefined && value !== '');

/** What stands further behind is found by its words; what was chosen by a link is there all the same. */
const mostChoices = 40;

function choice(name: string, label: string, chosen: string | undefined, values: readonly string[]): Html {
  const first = values.slice(0, mostChoices);
  const all = chosen === undefined || first.includes(chosen) ? first : [...first, chosen];
  return html`<label>${label}<select name="${name}"><option value="">any</option>${all.map(
    (value) => html`<option${value === chosen ? html` selected` : ''}>${value}</option>`,
  )}</select></label>`;
}

function row(run: string, item: CaseLine, told: ReadonlySet<string>): Html {
  const { tone, short } = caseWords(item);
  return html`
<tr><td class="fit">${pill(tone, short)}</td><td class="name">${caseTitle(item, links.caseOfRun(run, item.key))}${
    item.note === '' || told.has(item.key) ? '' : html`<br><span class="quiet">${line(item.note, 90)}</span>`
  }</td><td class="n">${item.verdict === undefined ? '' : duration(item.durationMs)}</td></tr>`;
}
