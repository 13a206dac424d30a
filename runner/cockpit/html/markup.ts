// The one way to make HTML here: hono's template escapes every value that is not markup itself, in text and in attributes.
import { html as template } from 'hono/html';

export type Html = ReturnType<typeof template>;
/** What may stand in a template. Strings and numbers are escaped, nothing else is text. */
export type Piece = Html | string | number | undefined | readonly Piece[];

export const html = (strings: TemplateStringsArray, ...values: readonly Piece[]): Html =>
  template(strings, ...values);

/** A query string of what is given, `''` of nothing. */
export function query(values: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  return given.length === 0
    ? ''
    : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}
