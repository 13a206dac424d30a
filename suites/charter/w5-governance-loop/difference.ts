// In which columns two answers about one table differ, row by row of the same key. Pure.

export interface Answer {
  readonly columns: readonly string[];
  /** Fingerprints of keys, in order. */
  readonly rows: readonly string[];
  /** Fingerprints of the values of each column, in the order of the rows. */
  readonly values: Readonly<Record<string, readonly string[]>>;
}

export interface Difference {
  /** Rows that both answers have. */
  readonly rows: number;
  /** Columns with another value in at least one of these rows. */
  readonly differing: readonly string[];
  /** Columns without any value in these rows, of which nothing can be said. */
  readonly empty: readonly string[];
}

export function difference(clear: Answer, other: Answer): Difference {
  const rowOf = new Map(other.rows.map((key, row) => [key, row]));
  const pairs = clear.rows.flatMap((key, row) => {
    const there = rowOf.get(key);
    return there === undefined ? [] : [[row, there] as const];
  });
  const having = (holds: (mine: string | undefined, theirs: string | undefined) => boolean) =>
    clear.columns.filter((name) =>
      pairs.some(([mine, theirs]) => holds(clear.values[name]?.[mine], other.values[name]?.[theirs])),
    );
  const filled = having((mine) => mine !== 'null');
  return {
    rows: pairs.length,
    differing: having((mine, theirs) => mine !== theirs),
    empty: clear.columns.filter((name) => !filled.includes(name)),
  };
}
