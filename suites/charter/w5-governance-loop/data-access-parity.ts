// The Data Access view beside what OPA decides for a member of each scope.
import { type CaseContext, type TableName, tableSql } from 'charter-runner';
import { filtersOf, maskOf } from '../policy-of.ts';
import { configuredTables } from './configured-tables.ts';
import type { Filter, Mask, Scope } from './data-access-view.ts';

type Asking = Pick<CaseContext, 'opa' | 'config'>;

export interface Comparison {
  /** Filters and masks in the view. */
  readonly compared: number;
  readonly differences: readonly string[];
}

/** Scopes that a configured persona has and the view leaves out count as shown empty. */
export async function differencesFromOpa(asking: Asking, scopes: readonly Scope[]): Promise<Comparison> {
  const { personas } = asking.config;
  const names = [
    ...scopes.map(({ scope }) => scope),
    ...personas.flatMap(({ roles, groups }) => [...roles, ...groups]),
  ];
  const differences: string[] = [];
  for (const name of new Set(names)) {
    const shown = scopes.filter(({ scope }) => scope === name);
    const filters = shown.flatMap((scope) => scope.filters);
    const masks = shown.flatMap((scope) => scope.masks);
    differences.push(
      ...(await differingFilters(asking, name, filters)),
      ...(await differingMasks(asking, name, masks)),
    );
  }
  const compared = scopes.reduce((sum, { filters, masks }) => sum + filters.length + masks.length, 0);
  return { compared, differences };
}

async function differingFilters(asking: Asking, scope: string, shown: readonly Filter[]): Promise<string[]> {
  const tables = new Map(
    [...configuredTables(asking.config), ...shown].map((table) => [tableSql(table), table]),
  );
  const differences: string[] = [];
  for (const [name, table] of tables) {
    const view = listed(
      shown.filter((filter) => tableSql(filter) === name).map(({ expression }) => expression),
    );
    const decided = listed(await filtersOf(asking, memberOf(scope), table));
    if (view !== decided) differences.push(`${scope}, filters of ${name}: view ${view}, OPA ${decided}`);
  }
  return differences;
}

async function differingMasks(asking: Asking, scope: string, shown: readonly Mask[]): Promise<string[]> {
  const { governed, taggedColumn } = asking.config.data;
  const masked =
    governed?.maskedColumns.map(({ name, type }) => ({ ...placeOf(governed), column: name, type })) ?? [];
  // The view tells no types; the rule for masks looks at names only.
  const named: (TableName & { readonly column: string; readonly type: string })[] = [
    ...shown.map((mask) => ({ ...mask, type: 'varchar' })),
    ...masked,
  ];
  if (taggedColumn !== undefined) named.push(taggedColumn);
  const columns = new Map(named.map((column) => [nameOf(column), column]));
  const differences: string[] = [];
  for (const [name, { column, type, ...place }] of columns) {
    const view = listed(shown.filter((mask) => nameOf(mask) === name).map(({ expression }) => expression));
    const mask = await maskOf(asking, memberOf(scope), placeOf(place), { name: column, type });
    const decided = listed(mask === undefined ? [] : [mask]);
    if (view !== decided) differences.push(`${scope}, mask of ${name}: view ${view}, OPA ${decided}`);
  }
  return differences;
}

function memberOf(scope: string) {
  return { user: 'charter-member-of-scope', groups: [scope] };
}

function placeOf({ catalog, schema, table }: TableName): TableName {
  return { catalog, schema, table };
}

function nameOf(column: TableName & { readonly column: string }): string {
  return `${tableSql(column)} ${column.column}`;
}

function listed(expressions: readonly string[]): string {
  return `[${[...new Set(expressions)].sort().join(' | ')}]`;
}
