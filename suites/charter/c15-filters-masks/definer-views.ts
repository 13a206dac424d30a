// Finds the views that read a table with the rights of their owner, directly or through other views, in all catalogs.
import { type CaseContext, identifierSql, type TableName, tableSql } from 'charter-runner';
import { readAs } from '../query-as.ts';
import { isDefiner, reads, type View } from './view-text.ts';

type Asking = Pick<CaseContext, 'trino' | 'login' | 'cast'>;

/** `catalog.schema.view` of each, sorted. */
export async function definerViewsOver(asking: Asking, table: TableName): Promise<string[]> {
  const views: View[] = [];
  for (const place of await everyView(asking)) {
    const what = `SHOW CREATE VIEW ${tableSql(place)}`;
    const result = await readAs(asking, asking.cast.admin, what, what);
    // The text may hold values, so it counts as one and never leaves this file.
    views.push({ ...place, text: String(result.reveal('Create View')[0]) });
  }
  return views
    .filter((view) => isDefiner(view) && reads(view, table, views))
    .map(({ catalog, schema, table: view }) => `${catalog}.${schema}.${view}`)
    .sort();
}

async function everyView(asking: Asking): Promise<TableName[]> {
  const ask = (what: string) => readAs(asking, asking.cast.admin, what, what);
  const views: TableName[] = [];
  for (const catalog of (await ask('SHOW CATALOGS')).names('Catalog')) {
    const list = `SELECT table_schema, table_name FROM ${identifierSql(catalog)}.information_schema.views`;
    const result = await ask(list);
    const names = result.names('table_name');
    for (const [row, schema] of result.names('table_schema').entries()) {
      views.push({ catalog, schema, table: names[row] as string });
    }
  }
  return views;
}
