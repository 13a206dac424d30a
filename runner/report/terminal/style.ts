// How lines may look on this terminal, and the guard that keeps other people's text from steering it.
import { stripVTControlCharacters } from 'node:util';

export interface Style {
  /** Columns; 80 where nothing is known. */
  readonly width: number;
  readonly colour: 'ansi' | 'none';
  /** `rewrite`: one progress line that is written over; `lines`: a line per case. */
  readonly progress: 'rewrite' | 'lines';
}

export interface TerminalFacts {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** https://no-color.org: any value that is not empty turns colour off. */
export function styleFor({ isTTY, columns, env }: TerminalFacts): Style {
  const terminal = isTTY === true && env.TERM !== 'dumb';
  const plain = (env.NO_COLOR ?? '') !== '';
  const width = terminal && columns !== undefined && columns >= 40 ? Math.min(columns, 120) : 80;
  return { width, colour: terminal && !plain ? 'ansi' : 'none', progress: terminal ? 'rewrite' : 'lines' };
}

export const plainStyle: Style = { width: 80, colour: 'none', progress: 'lines' };

const colours = { green: 32, red: 31, yellow: 33, magenta: 35, dim: 2, bold: 1 } as const;
export type Colour = keyof typeof colours;

export function paint(style: Style, colour: Colour, text: string): string {
  return style.colour === 'none' ? text : `\u001b[${colours[colour]}m${text}\u001b[0m`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these move cursors and change colours
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
/** Turn the direction of text around, or hide: what is shown would not be what stands there. */
const tricks = /[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Text from a platform or a campaign, made safe to print: no escape sequence, no cursor movement, no reordering. */
export function neutral(text: string): string {
  return stripVTControlCharacters(text.toWellFormed())
    .replaceAll('\t', '  ')
    .replace(/\r\n?/g, '\n')
    .replace(controls, '\ufffd')
    .replace(tricks, '\ufffd');
}

export function neutralLine(text: string): string {
  return neutral(text).replace(/\s*\n\s*/g, ' ');
}
