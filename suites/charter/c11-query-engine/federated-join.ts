// What the analyst gets from one table, or from two tables of two catalogs joined: the outcome, and columns by name and type.
import {
  actionInput,
  type CaseContext,
  type ConfigData,
  catalogResource,
  identifierSql,
  type QueryResult,
  type TableName,
  tableResource,
  tableSql,
} from 'charter-runner';
import { opaIdentity, outcome, queryAs } from '../query-as.ts';

type Join = NonNullable<ConfigData['data']['join']>;
type Asking = Pick<CaseContext, 'trino' | 'opa' | 'login' | 'cast'>;

export interface Shown {
  readonly outcome: string;
  readonly columns: readonly string[];
}

/** Whether OPA lets the analyst read every one of the tables. */
export async function decided(
  { opa, cast }: Asking,
  tables: readonly TableName[],
): Promise<'allowed' | 'denied'> {
  const who = opaIdentity(cast.analyst);
  for (const table of tables) {
    const catalog = await opa.allow(actionInput(who, 'AccessCatalog', catalogResource(table.catalog)));
    const select = await opa.allow(actionInput(who, 'SelectFromColumns', tableResource(table)));
    if (!catalog.allowed || !select.allowed) return 'denied';
  }
  return 'allowed';
}

export async function shownAlone(asking: Asking, table: TableName): Promise<Shown> {
  return shown(await queryAs(asking, asking.cast.analyst, `SELECT * FROM ${tableSql(table)} LIMIT 1`));
}

export async function shownJoined(asking: Asking, { left, right, column }: Join): Promise<Shown> {
  const on = identifierSql(column);
  const from = `${tableSql(left)} AS l JOIN ${tableSql(right)} AS r ON l.${on} = r.${on}`;
  return shown(await queryAs(asking, asking.cast.analyst, `SELECT l.*, r.* FROM ${from} LIMIT 1`));
}

function shown(result: QueryResult): Shown {
  return { outcome: outcome(result), columns: result.columns.map(({ name, type }) => `${name} ${type}`) };
}
