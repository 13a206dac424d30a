// The rows of a persona beside the rows of the admin: same keys, and for each value whether it is clear, masked, or neither.
import {
  type CaseContext,
  type ConfigData,
  expect,
  identifierSql,
  type Persona,
  tableSql,
} from 'charter-runner';
import { appliedMaskOf, type ColumnName, filtersOf, whereOf } from '../policy-of.ts';
import { opaIdentity, readAs } from '../query-as.ts';

export type Governed = NonNullable<ConfigData['data']['governed']>;
type Asking = Pick<CaseContext, 'opa' | 'trino' | 'login' | 'cast'>;

/** Rows per comparison, by key: enough to see a mask, few enough for a table of any size. */
export const sampleRows = 1_000;

export interface Counts {
  /** Rows the persona sees. */
  readonly seen: number;
  /** Rows the admin sees under the persona's filters. */
  readonly permitted: number;
  /** Rows the admin sees. */
  readonly all: number;
}

export async function counts(asking: Asking, persona: Persona, governed: Governed): Promise<Counts> {
  const { admin } = asking.cast;
  const filters = await filtersOf(asking, opaIdentity(persona), governed);
  expect(filters, `row filters of ${persona.name}`).not.toHaveLength(0);
  const count = `SELECT count(*) AS n FROM ${tableSql(governed)}`;
  const seen = await readAs(asking, persona, 'count(*)', count);
  const permitted = await readAs(asking, admin, 'count(*) under the filter', `${count} ${whereOf(filters)}`);
  const all = await readAs(asking, admin, 'count(*)', count);
  return { seen: seen.number('n'), permitted: permitted.number('n'), all: all.number('n') };
}

export interface Compared {
  /** Values that are not null for the admin. */
  readonly values: number;
  /** Of these, shown to the persona as the admin sees them. */
  readonly inClear: number;
  /** Of these, something else than the mask makes of them; always 0 when the mask is random. */
  readonly notTheMask: number;
  readonly mask: 'deterministic' | 'random';
}

export async function compared(
  asking: Asking,
  persona: Persona,
  governed: Governed,
  column: ColumnName,
): Promise<Compared> {
  const who = opaIdentity(persona);
  const mask = await appliedMaskOf(asking, who, governed, column);
  expect(mask, `mask of ${column.name} for ${persona.name}`).toBeDefined();
  const filters = await filtersOf(asking, who, governed);

  const [key, name, table] = [identifierSql(governed.key), identifierSql(column.name), tableSql(governed)];
  const inOrder = `ORDER BY ${key} LIMIT ${sampleRows}`;
  const clearSql = `SELECT ${key} AS k, ${name} AS clear, (${mask}) AS masked, (${mask}) AS again FROM ${table}`;
  const ofAdmin = await readAs(
    asking,
    asking.cast.admin,
    `${column.name} and its mask`,
    `${clearSql} ${whereOf(filters)} ${inOrder}`,
  );
  const ofPersona = await readAs(
    asking,
    persona,
    column.name,
    `SELECT ${key} AS k, ${name} AS shown FROM ${table} ${inOrder}`,
  );

  const [clear, masked, again] = ['clear', 'masked', 'again'].map((title) => ofAdmin.fingerprints(title));
  const shown = ofPersona.fingerprints('shown');
  const shownByKey = new Map(ofPersona.fingerprints('k').map((value, row) => [value, shown[row]]));
  const rows = ofAdmin
    .fingerprints('k')
    .map((value, row) => ({
      shown: shownByKey.get(value),
      clear: clear?.[row],
      masked: masked?.[row],
      again: again?.[row],
    }))
    .filter((row) => row.shown !== undefined && row.clear !== 'null');
  const random = rows.some((row) => row.masked !== row.again);
  return {
    values: rows.length,
    inClear: rows.filter((row) => row.shown === row.clear).length,
    notTheMask: random ? 0 : rows.filter((row) => row.shown !== row.masked).length,
    mask: random ? 'random' : 'deterministic',
  };
}

/** Asserts that every value is masked; a random mask can only be shown to hide, not to be the one that was decided. */
export async function expectMasked(
  asking: Asking & Pick<CaseContext, 'warn'>,
  persona: Persona,
  governed: Governed,
): Promise<void> {
  for (const column of governed.maskedColumns) {
    const { values, mask, ...wrong } = await compared(asking, persona, governed, column);
    expect(values, `values of ${column.name} to compare`).toBeGreaterThan(0);
    expect(wrong, `${column.name} as ${persona.name} sees it, of ${values} values`).toEqual({
      inClear: 0,
      notTheMask: 0,
    });
    if (mask === 'random')
      asking.warn(`the mask of ${column.name} is random: only that it hides was checked`);
  }
}
