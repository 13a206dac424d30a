// What a query string asks for, made safe: a value that means nothing is as if it were not there, never an error page.
import type { CaseFilter } from '../store/index.ts';

const verdicts = ['passed', 'failed', 'error', 'skipped', 'flaky', 'not-run'] as const;

export type Query = (name: string) => string | undefined;

/** From 1; nobody pages further than 10,000. */
export function pageAsked(query: Query, name = 'page'): number {
  const page = Number(query(name) ?? 1);
  return Number.isInteger(page) && page >= 1 && page <= 10_000 ? page : 1;
}

/** Which rows of a list make this page of `size`. */
export function rowsOfPage(page: number, size: number): { readonly limit: number; readonly offset: number } {
  return { limit: size, offset: (page - 1) * size };
}

export function textAsked(query: Query, name: string): string | undefined {
  const text = query(name)?.replaceAll('\0', '').slice(0, 500);
  return text === undefined || text.trim() === '' ? undefined : text.toWellFormed();
}

export function filterAsked(query: Query): CaseFilter {
  const verdict = verdicts.find((one) => one === query('verdict'));
  const [campaign, persona, text] = (['campaign', 'persona', 'text'] as const).map((name) =>
    textAsked(query, name),
  );
  return {
    ...(verdict === undefined ? {} : { verdict }),
    ...(campaign === undefined ? {} : { campaign }),
    ...(persona === undefined ? {} : { persona }),
    ...(text === undefined ? {} : { text }),
  };
}
