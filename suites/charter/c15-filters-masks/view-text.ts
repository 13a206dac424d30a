// Reading view definitions far enough to know with whose rights they run and which tables they read. Pure.
import type { TableName } from 'charter-runner';

export interface View extends TableName {
  /** As SHOW CREATE VIEW gives it. */
  readonly text: string;
}

/** Views run with the rights of their owner unless they say otherwise. */
export function isDefiner({ text }: View): boolean {
  const [head] = split(text);
  return !/\sSECURITY\s+INVOKER\b/i.test(head);
}

/**
 * Whether the view reads the table, itself or through another view. A name may be written with fewer than three parts, so
 * the last part decides; a view too many is declared sooner than one too few is missed.
 */
export function reads(
  view: View,
  table: TableName,
  views: readonly View[],
  above: readonly View[] = [],
): boolean {
  const names = namesIn(split(view.text)[1]);
  if (names.has(table.table.toLowerCase())) return true;
  const below = views.filter(
    (other) => other !== view && !above.includes(other) && names.has(other.table.toLowerCase()),
  );
  return below.some((other) => reads(other, table, views, [...above, view]));
}

function namesIn(sql: string): ReadonlySet<string> {
  const names = sql.match(/"(?:[^"]|"")*"|[\p{L}\p{N}_$]+/gu) ?? [];
  return new Set(names.map((name) => name.replace(/^"(.*)"$/s, '$1').toLowerCase()));
}

/** What stands before and after the AS of the query, without literals and comments. */
function split(text: string): [head: string, query: string] {
  const code = text.replaceAll(/'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//g, ' ');
  const at = code.search(/\sAS\s/i);
  return at === -1 ? ['', code] : [code.slice(0, at), code.slice(at)];
}
