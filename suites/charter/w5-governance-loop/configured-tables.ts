// Every table that charter.yaml names, once.
import { type ConfigData, type TableName, tableSql } from 'charter-runner';

export function configuredTables({ data }: ConfigData): TableName[] {
  const { governed, allowed, denied, project, join, taggedColumn } = data;
  const named = [governed, allowed, denied, project, join?.left, join?.right, taggedColumn];
  const tables = named.flatMap((table) =>
    table === undefined ? [] : [{ catalog: table.catalog, schema: table.schema, table: table.table }],
  );
  return [...new Map(tables.map((table) => [tableSql(table), table])).values()];
}
