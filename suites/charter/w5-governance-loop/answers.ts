// What a persona gets to see of the governed table, in fingerprints: rows by key, and the columns in which two answers differ.
import {
  type CaseContext,
  type ConfigData,
  identifierSql,
  type Persona,
  type TableName,
  tableSql,
} from 'charter-runner';
import type { ColumnName } from '../policy-of.ts';
import { readAs } from '../query-as.ts';

type Governed = NonNullable<ConfigData['data']['governed']>;
type Asking = Pick<CaseContext, 'trino' | 'login' | 'cast'>;

/** Rows by key that are looked at, so that a table may have any size. */
const sampleRows = 1_000;

export interface Answer {
  readonly columns: readonly string[];
  /** Fingerprints of keys, in order. */
  readonly rows: readonly string[];
  /** Fingerprints of the values of each column, in the order of the rows. */
  readonly values: Readonly<Record<string, readonly string[]>>;
}

/** `where` narrows the rows of an admin to those of a persona. */
export async function answerOf(
  asking: Asking,
  persona: Persona,
  governed: Governed,
  where = '',
): Promise<Answer> {
  const key = identifierSql(governed.key);
  const sql = `SELECT * FROM ${tableSql(governed)} ${where} ORDER BY ${key} LIMIT ${sampleRows}`;
  const result = await readAs(asking, persona, tableSql(governed), sql);
  const columns = result.columns.map(({ name }) => name);
  const values = Object.fromEntries(columns.map((name) => [name, result.fingerprints(name)]));
  return { columns, rows: result.fingerprints(governed.key), values };
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

/** Names and types of all columns, as the admin sees them. */
export async function columnsOf(asking: Asking, table: TableName): Promise<ColumnName[]> {
  const what = `SHOW COLUMNS FROM ${tableSql(table)}`;
  const result = await readAs(asking, asking.cast.admin, what, what);
  const types = result.names('Type');
  return result.names('Column').map((name, at) => ({ name, type: types[at] ?? '' }));
}
