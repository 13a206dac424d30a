// Text of a platform or a campaign on a page: isolated, so that it cannot turn the direction of what follows, and never too long.
import { neutral, neutralLine } from '../../report/index.ts';
import { type Html, html } from './markup.ts';
import { grouped } from './words.ts';

/** One line of somebody else's text. */
export function line(text: string, limit = 200): Html {
  return html`<bdi>${short(neutralLine(text), limit)}</bdi>`;
}

/** Cut at `limit` UTF-16 units, never inside a pair. */
export function short(text: string, limit: number): string {
  return text.length <= limit
    ? text
    : `${text
        .slice(0, limit - 1)
        .toWellFormed()
        .replace(/\ufffd$/, '')}…`;
}

/** Lines as they came, in a box that scrolls by itself; a keyboard can reach it. */
export function block(text: string, limit: number, label: string): Html {
  const neat = neutral(text);
  const left = neat.length - limit;
  return html`<pre tabindex="0" role="group" aria-label="${label}"><bdi>${short(neat, limit)}</bdi></pre>${
    left > 0 ? html`<p class="quiet">${grouped(left)} more characters in the JUnit file.</p>` : ''
  }`;
}
