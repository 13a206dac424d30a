// A choice of one environment for a list: few are buttons, and of many the first; what is left out is found by its address.
import { type Html, html, type Piece } from '../html/markup.ts';
import { line } from '../html/text.ts';
import { grouped } from '../html/words.ts';

const most = 20;

/** Nothing where there is no choice. `chosen` always stands there; undefined means all. */
export function environmentLinks(
  chosen: string | undefined,
  environments: readonly string[],
  href: (environment: string | undefined) => string,
): Piece {
  if (environments.length < 2) return '';
  const shown = environments.filter((name, index) => index < most || name === chosen);
  const more = environments.length - shown.length;
  return html`<p class="stack">${[undefined, ...shown].map(
    (name): Html =>
      html`<a class="button" href="${href(name)}"${name === chosen ? html` aria-current="true"` : ''}>${name === undefined ? 'all' : line(name, 60)}</a>`,
  )}${more > 0 ? html`<span class="quiet">${grouped(more)} more</span>` : ''}</p>`;
}
