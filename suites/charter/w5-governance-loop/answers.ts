// What a persona gets to see of the governed table, in fingerprints.
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
import type { Answer } from './difference.ts';

type Governed = NonNullable<ConfigData['data']['governed']>;
type Asking = Pick<CaseContext, 'trino' | 'login' | 'cast'>;

/** Rows by key that are looked at, so that a table may have any size. */
const sampleRows = 1_000;

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

/** Names and types of all columns, as the admin sees them. */
export async function columnsOf(asking: Asking, table: TableName): Promise<ColumnName[]> {
  const what = `SHOW COLUMNS FROM ${tableSql(table)}`;
  const result = await readAs(asking, asking.cast.admin, what, what);
  const types = result.names('Type');
  return result.names('Column').map((name, at) => ({ name, type: types[at] ?? '' }));
}
