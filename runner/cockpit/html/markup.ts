// The one way to make HTML here: hono's template escapes every value that is not markup itself, in text and in attributes, and no
// value steers how what stands around it is shown.
import { html as template } from 'hono/html';
import { neutral } from '../../report/index.ts';

export type Html = ReturnType<typeof template>;
/** What may stand in a template. Strings and numbers are escaped, nothing else is text. */
export type Piece = Html | string | number | undefined | readonly Piece[];

export const html = (strings: TemplateStringsArray, ...values: readonly Piece[]): Html =>
  template(strings, ...values.map(harmless));

const plain = /^[\n\u0020-\u007e]*$/;

/** Escaping keeps markup out; this keeps out what turns the direction of text around or hides it. */
function harmless(value: Piece): Piece {
  if (typeof value === 'string') return plain.test(value) ? value : neutral(value);
  return Array.isArray(value) ? value.map(harmless) : value;
}

/** A query string of what is given, `''` of nothing. */
export function query(values: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  return given.length === 0
    ? ''
    : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}
