// Breaks lines at the width of the terminal and keeps the indent, so that the left edge still shows what belongs together.
import { neutral, neutralLine, type Style } from './style.ts';

/** Columns of a text: wide characters (CJK, emoji) take two, combining ones none. */
export function columns(text: string): number {
  if (narrow.test(text)) return text.length;
  let sum = 0;
  for (const { segment } of segmenter().segment(text)) sum += wide.test(segment) ? 2 : 1;
  return sum;
}

/** Latin and its punctuation: one column each, nothing combines. */
const narrow = /^[\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027]*$/;

let made: Intl.Segmenter | undefined;

/** Made when it is needed: that takes 16 to 40 ms, which each start of a run would pay. */
function segmenter(): Intl.Segmenter {
  made ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return made;
}
const wide =
  /\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

/** Neutralises and wraps; each line of the text keeps its own indent after the one asked for. */
export function wrap(style: Style, text: string, indent = ''): string[] {
  return neutral(text)
    .split('\n')
    .flatMap((line) => wrapLine(line, style.width, indent));
}

function wrapLine(line: string, width: number, indent: string): string[] {
  const own = /^ */.exec(line)?.[0] ?? '';
  const margin = indent + (own.length < width / 2 ? own : '');
  const room = Math.max(20, width - margin.length);
  const lines: string[] = [];
  let current = '';
  for (const word of line.trim().split(/(?<= )/)) {
    for (const part of pieces(word, room)) {
      if (current !== '' && columns(current) + columns(part.trimEnd()) > room) {
        lines.push(current);
        current = '';
      }
      current += part;
    }
  }
  lines.push(current);
  return lines.map((text) => (margin + text).trimEnd().replaceAll('\u00a0', ' '));
}

/** A word longer than a line (a URL, a token) is cut where the line ends. */
function pieces(word: string, room: number): string[] {
  if (columns(word.trimEnd()) <= room) return [word];
  const parts: string[] = [];
  let part = '';
  let used = 0;
  for (const { segment } of segmenter().segment(word)) {
    const size = columns(segment);
    if (used + size > room) {
      parts.push(part);
      part = '';
      used = 0;
    }
    part += segment;
    used += size;
  }
  return [...parts, part];
}

/** One line, cut with an ellipsis where it is too long: for lines that are written over. */
export function fit(text: string, width: number): string {
  const line = neutralLine(text);
  if (columns(line) <= width) return line;
  let kept = '';
  let used = 0;
  for (const { segment } of segmenter().segment(line)) {
    used += columns(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}
