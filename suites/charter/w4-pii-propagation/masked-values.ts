// The values of one column as a persona sees them, beside the clear ones of the admin. The table needs no key for it:
// sets of values are compared.
import { type CaseContext, identifierSql, type Persona, type TableName, tableSql } from 'charter-runner';
import { filtersOf, whereOf } from '../policy-of.ts';
import { opaIdentity, readAs } from '../query-as.ts';

type Asking = Pick<CaseContext, 'opa' | 'trino' | 'login' | 'cast'>;

/** Different values that are looked at, so that a table may have any size. */
const sampleValues = 1_000;

export interface Seen {
  /** Different clear values, null not among them, in rows that the persona's filters permit. */
  readonly values: number;
  /** Different values that the persona sees, null among them. */
  readonly shown: number;
  /** Of these, those that the persona sees. */
  readonly inClear: number;
  /** Values that the persona sees and that the mask makes of no clear one; unknown without a mask, or with a random one. */
  readonly notTheMask: number | 'unknown';
}

export async function seenBy(
  asking: Asking,
  persona: Persona,
  column: TableName & { readonly column: string },
  mask: string | undefined,
): Promise<Seen> {
  const [name, table] = [identifierSql(column.column), tableSql(column)];
  const where = whereOf(await filtersOf(asking, opaIdentity(persona), column));
  const masked = mask ?? name;
  const ofAdmin = await readAs(
    asking,
    asking.cast.admin,
    `${column.column} and its mask`,
    `SELECT ${name} AS clear, (${masked}) AS masked, (${masked}) AS again FROM ${table} ${where} ORDER BY 2 LIMIT ${sampleValues}`,
  );
  const ofPersona = await readAs(
    asking,
    persona,
    column.column,
    `SELECT ${name} AS shown FROM ${table} ORDER BY 1 LIMIT ${sampleValues}`,
  );
  const clear = new Set(ofAdmin.fingerprints('clear').filter((value) => value !== 'null'));
  const made = ofAdmin.fingerprints('masked');
  const again = ofAdmin.fingerprints('again');
  const shown = new Set(ofPersona.fingerprints('shown'));
  const isKnown = mask !== undefined && made.every((value, row) => value === again[row]);
  return {
    values: clear.size,
    shown: shown.size,
    inClear: [...clear].filter((value) => shown.has(value)).length,
    notTheMask: isKnown ? [...shown].filter((value) => !made.includes(value)).length : 'unknown',
  };
}
