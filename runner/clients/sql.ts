// Names and values as SQL text. Pure; every name of a configuration is quoted, so that none can be more than a name.
import type { TableName } from './opa-input.ts';

export function identifierSql(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function tableSql({ catalog, schema, table }: TableName): string {
  return [catalog, schema, table].map(identifierSql).join('.');
}

/** A text literal. */
export function textSql(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
