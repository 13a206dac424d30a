// Inputs as Trino's OPA plugin sends them. Pure; a hostile case builds its own deviations by hand.
export interface OpaIdentity {
  readonly user: string;
  readonly groups: readonly string[];
}

export interface TableName {
  readonly catalog: string;
  readonly schema: string;
  readonly table: string;
}

export type OpaResource =
  | { readonly catalog: { readonly name: string } }
  | { readonly schema: { readonly catalogName: string; readonly schemaName: string } }
  | { readonly table: PluginTable & { readonly columns?: readonly string[] } }
  | { readonly column: PluginTable & { readonly columnName: string; readonly columnType: string } }
  | { readonly user: { readonly user: string } };

interface PluginTable {
  readonly catalogName: string;
  readonly schemaName: string;
  readonly tableName: string;
}

export interface OpaInput {
  readonly context: {
    readonly identity: OpaIdentity;
    readonly softwareStack: { readonly trinoVersion: string };
  };
  readonly action: {
    readonly operation: string;
    readonly resource?: OpaResource;
    readonly filterResources?: readonly OpaResource[];
  };
}

/** The version the input claims; policies do not look at it, but the plugin always sends one. */
const softwareStack = { trinoVersion: '476' };

/** Input of `allow`, `rowFilters` and `columnMask`. An operation without a resource (ExecuteQuery) has none. */
export function actionInput(identity: OpaIdentity, operation: string, resource?: OpaResource): OpaInput {
  return {
    context: { identity: { user: identity.user, groups: identity.groups }, softwareStack },
    action: { operation, ...(resource === undefined ? {} : { resource }) },
  };
}

/** Input of `batch` (operation Filter*) and `batchColumnMasks` (operation GetColumnMask). */
export function batchInput(
  identity: OpaIdentity,
  operation: string,
  filterResources: readonly OpaResource[],
): OpaInput {
  return {
    context: { identity: { user: identity.user, groups: identity.groups }, softwareStack },
    action: { operation, filterResources },
  };
}

export function rowFiltersInput(identity: OpaIdentity, table: TableName): OpaInput {
  return actionInput(identity, 'GetRowFilters', tableResource(table));
}

export function columnMaskInput(
  identity: OpaIdentity,
  table: TableName,
  column: string,
  type: string,
): OpaInput {
  return actionInput(identity, 'GetColumnMask', columnResource(table, column, type));
}

export function batchColumnMasksInput(
  identity: OpaIdentity,
  table: TableName,
  columns: readonly { readonly name: string; readonly type: string }[],
): OpaInput {
  const resources = columns.map(({ name, type }) => columnResource(table, name, type));
  return batchInput(identity, 'GetColumnMask', resources);
}

export function catalogResource(name: string): OpaResource {
  return { catalog: { name } };
}

export function schemaResource(catalog: string, schema: string): OpaResource {
  return { schema: { catalogName: catalog, schemaName: schema } };
}

/** FilterColumns in a batch is ONE table with many columns; the indices of the answer count its columns. */
export function tableResource(table: TableName, columns?: readonly string[]): OpaResource {
  return { table: { ...pluginTable(table), ...(columns === undefined ? {} : { columns }) } };
}

export function columnResource(table: TableName, columnName: string, columnType: string): OpaResource {
  return { column: { ...pluginTable(table), columnName, columnType } };
}

export function userResource(user: string): OpaResource {
  return { user: { user } };
}

function pluginTable({ catalog, schema, table }: TableName): PluginTable {
  return { catalogName: catalog, schemaName: schema, tableName: table };
}
