// Links to the pages before and after: lists of any length, one page of them at a time.
import { type Html, html, type Piece } from '../html/markup.ts';
import { grouped } from '../html/words.ts';

export interface Paging {
  /** From 1, as it was asked for; behind the last page it means the last. */
  readonly page: number;
  /** How many pages there are, or just whether this is the last one. */
  readonly more: number | 'more' | 'none';
  readonly href: (page: number) => string;
  readonly label: string;
}

export function paging({ page: asked, more, href, label }: Paging): Piece {
  const page = typeof more === 'number' ? Math.min(asked, more) : asked;
  const hasNext = typeof more === 'number' ? page < more : more === 'more';
  if (page <= 1 && !hasNext) return '';
  const to = (target: number, words: string): Html =>
    html`<a class="button" href="${href(target)}">${words}</a>`;
  return html`<nav class="pages" aria-label="${label}">${page > 1 ? to(page - 1, 'Before') : ''}<span>Page ${grouped(page)}${
    typeof more === 'number' ? ` of ${grouped(more)}` : ''
  }</span>${hasNext ? to(page + 1, 'Next') : ''}</nav>`;
}

export const pagesOf = (total: number, size: number): number => Math.max(1, Math.ceil(total / size));
