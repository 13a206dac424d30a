// Text of a platform or a campaign on a page: isolated, so that it cannot turn the direction of what follows, and never too long.
import { neutral, neutralLine } from '../../report/index.ts';
import { type Html, html } from './markup.ts';
import { grouped } from './words.ts';

const plain = /^[ -~]*$/;

/** One line of somebody else's text. What is plain ASCII has no direction to isolate. */
export function line(text: string, limit = 200): Html {
  const neat = neutralLine(text);
  const shown = short(neat, limit);
  return plain.test(neat) ? html`${shown}` : html`<bdi>${shown}</bdi>`;
}

/** Cut where it would take more than `limit` bytes of a page, never inside a character: a quote takes six of them. */
export function short(text: string, limit: number): string {
  // Nothing takes more than six bytes a unit.
  if (text.length * 6 <= limit) return text;
  let [bytes, end] = [0, 0];
  for (const char of text) {
    bytes += escapes.get(char) ?? (char < '\u0080' ? 1 : char < '\u0800' ? 2 : char.length + 2);
    if (bytes > limit) return `${text.slice(0, end)}…`;
    end += char.length;
  }
  return text;
}

/** Lengths of what they become in HTML. */
const escapes: ReadonlyMap<string, number> = new Map([
  ...[['&', 5] as const, ['<', 4] as const, ['>', 4] as const],
  ...[['"', 6] as const, ["'", 5] as const],
]);

/** Lines as they came, in a box that scrolls by itself; a keyboard can reach it. */
export function block(text: string, limit: number, label: string): Html {
  const neat = neutral(text);
  const shown = short(neat, limit);
  const left = shown === neat ? 0 : neat.length - shown.length + 1;
  return html`<pre tabindex="0" role="group" aria-label="${label}"><bdi>${shown}</bdi></pre>${
    left > 0 ? html`<p class="quiet">${grouped(left)} more characters in the JUnit file.</p>` : ''
  }`;
}
