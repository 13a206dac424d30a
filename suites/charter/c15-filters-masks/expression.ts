// Reading the SQL of a filter just far enough to compare it with the configuration. Pure.

/** Whether the expression names the column, quoted or not, outside of its literals. */
export function mentions(expression: string, column: string): boolean {
  const names = expression.replaceAll(/'(?:[^']|'')*'/g, ' ').match(/"(?:[^"]|"")*"|[\p{L}\p{N}_$]+/gu) ?? [];
  return names.some((name) => name.replace(/^"(.*)"$/, '$1').toLowerCase() === column.toLowerCase());
}

/** The text literals of the expression. */
export function literalsOf(expression: string): string[] {
  return [...expression.matchAll(/'((?:[^']|'')*)'/g)].map(([, text = '']) => text.replaceAll("''", "'"));
}
