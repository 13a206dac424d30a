// The badge: two fields of plain SVG with its colours inside, because it stands on other people's pages, where no stylesheet of ours is.
import { neutralLine } from '../../report/index.ts';
import { short } from '../html/text.ts';
import type { Tone } from '../html/words.ts';

const colours: Readonly<Record<Tone, string>> = {
  passed: '#1a7f37',
  failed: '#c1121f',
  error: '#8250df',
  skipped: '#57606a',
  flaky: '#8a5a00',
  running: '#0550ae',
  notrun: '#57606a',
};

export const badgeType = { 'Content-Type': 'image/svg+xml; charset=utf-8' };

/** Verdana 11 px: close enough for words of a badge, and a reader's browser stretches them to fit. */
const widthOf = (text: string): number => Math.round(text.length * 6.6 + 12);

/** `environment`: undefined where nobody says which. */
export function badge(environment: string | undefined, words: string, tone: Tone): string {
  const label = short(neutralLine(environment === undefined ? 'charter' : `charter ${environment}`), 48);
  const [left, right] = [widthOf(label), widthOf(words)];
  const width = left + right;
  const field = (text: string, x: number, room: number) =>
    `<text x="${x + room / 2}" y="14" textLength="${room - 12}" lengthAdjust="spacingAndGlyphs">${escaped(text)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="${escaped(`${label}: ${words}`)}"><title>${escaped(`${label}: ${words}`)}</title><clipPath id="r"><rect width="${width}" height="20" rx="3"/></clipPath><g clip-path="url(#r)"><rect width="${left}" height="20" fill="#30363d"/><rect x="${left}" width="${right}" height="20" fill="${colours[tone]}"/></g><g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">${field(label, 0, left)}${field(words, left, right)}</g></svg>\n`;
}

/** The icon of the window: a shield in the colour of the verdict. */
export function icon(tone: Tone): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="${colours[tone]}" d="M12 2l8 3v6c0 5-3.4 9-8 11-4.6-2-8-6-8-11V5z"/><path fill="none" stroke="#fff" stroke-width="2.2" d="M8 12l3 3 5-6"/></svg>\n`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
