// What was not checked and why. A skip that nobody announced comes first: in production it is a red run.
import type { RunHead, SkipGroup } from '../../store/index.ts';
import { links } from '../html/links.ts';
import { pill } from '../html/marks.ts';
import { type Html, html, type Piece } from '../html/markup.ts';
import { line } from '../html/text.ts';
import { grouped, plural } from '../html/words.ts';
import { caseLabel } from './case-title.ts';

/** `groups` are the first of them; how many cases there are is said by the counts of the run. */
export function skipsCard({ run, counts }: RunHead, groups: readonly SkipGroup[]): Piece {
  if (groups.length === 0) return '';
  const more = counts.skip - groups.reduce((sum, { count }) => sum + count, 0);
  return html`<section class="card" aria-labelledby="skips">
<h2 id="skips">Skipped <span class="quiet">${plural(counts.skip, 'case')}, by reason</span></h2>
<ul class="list">${groups.map((group) => groupItem(run, group))}${
    more > 0
      ? html`<li><a href="${links.run(run, { verdict: 'skipped' })}#cases">${grouped(more)} more</a> for other reasons</li>`
      : ''
  }</ul>
</section>`;
}

function groupItem(run: string, { reason, isPlanned, count, cases }: SkipGroup): Html {
  const more = count - cases.length;
  return html`<li>${isPlanned ? pill('skipped', 'announced') : pill('failed', 'not announced')} ${line(reason, 160)}
<span class="quiet">${plural(count, 'case')}: ${cases.map(
    (item, index) =>
      html`${index === 0 ? '' : ', '}<a href="${links.caseOfRun(run, item.key)}">${line(caseLabel(item), 60)}</a>`,
  )}${more > 0 ? html`, and <a href="${links.run(run, { verdict: 'skipped' })}#cases">${grouped(more)} more</a>` : ''}</span></li>`;
}
