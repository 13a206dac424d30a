// What OPA decides about the rows and columns of a persona, asked as the query engine asks.
import {
  batchColumnMasksInput,
  type CaseContext,
  columnMaskInput,
  type OpaIdentity,
  rowFiltersInput,
  type TableName,
} from 'charter-runner';

export interface ColumnName {
  readonly name: string;
  /** Trino type. */
  readonly type: string;
}

type Asking = Pick<CaseContext, 'opa'>;

/** Expressions of all filters that hold for the persona at once. */
export async function filtersOf({ opa }: Asking, who: OpaIdentity, table: TableName): Promise<string[]> {
  const { filters } = await opa.rowFilters(rowFiltersInput(who, table));
  return filters.map(({ expression }) => expression);
}

/** A WHERE clause of the filters, empty when there are none. */
export function whereOf(filters: readonly string[]): string {
  return filters.length === 0 ? '' : `WHERE ${filters.map((filter) => `(${filter})`).join(' AND ')}`;
}

/** The mask as the rule for one column says. */
export async function maskOf(
  { opa }: Asking,
  who: OpaIdentity,
  table: TableName,
  { name, type }: ColumnName,
): Promise<string | undefined> {
  return (await opa.columnMask(columnMaskInput(who, table, name, type))).mask?.expression;
}

/** The mask that the engine applies: by the batched rule where the platform configures one. */
export async function appliedMaskOf(
  asking: Asking,
  who: OpaIdentity,
  table: TableName,
  column: ColumnName,
): Promise<string | undefined> {
  const batch = await asking.opa.batchColumnMasks(batchColumnMasksInput(who, table, [column]));
  if (batch === undefined) return maskOf(asking, who, table, column);
  return batch.masks.find(({ index }) => index === 0)?.viewExpression.expression;
}
