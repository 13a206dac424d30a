// What a case is called: campaign, number, persona, and the promise it checks.
import type { CaseName } from '../../store/index.ts';
import { type Html, html } from '../html/markup.ts';
import { line } from '../html/text.ts';

/** `C-10 10.3 [alice]`. */
export function caseLabel({ campaign, id, persona }: Pick<CaseName, 'campaign' | 'id' | 'persona'>): string {
  return `${campaign} ${id}${persona === undefined ? '' : ` [${persona}]`}`;
}

export function caseTitle(item: CaseName, href: string): Html {
  return html`<a class="key" href="${href}">${line(caseLabel(item), 60)}</a> ${line(item.title, 160)}`;
}
