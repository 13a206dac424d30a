// Clear values that the persona must never meet, as text. Read by the admin, and redacted from every output from then on.
import { type CaseContext, expect, identifierSql, type Persona, tableSql } from 'charter-runner';
import { filtersOf, whereOf } from '../policy-of.ts';
import { opaIdentity, readAs } from '../query-as.ts';
import type { Governed } from './comparing.ts';

type Asking = Pick<CaseContext, 'opa' | 'trino' | 'login' | 'cast'>;

/** Rows of a sample, by key. */
export const sampleRows = 200;

/** Shorter ones are found in anything. */
const shortest = 4;

/** Of the first rows that the persona's filters leave him; never empty. */
export async function clearValues(
  asking: Asking,
  persona: Persona,
  governed: Governed,
  column: string,
): Promise<string[]> {
  const filters = await filtersOf(asking, opaIdentity(persona), governed);
  const order = `ORDER BY ${identifierSql(governed.key)} LIMIT ${sampleRows}`;
  return texts(asking, column, `${selectText(governed, column)} ${whereOf(filters)} ${order}`);
}

/** The first and the last of the whole table: what statistics would show. */
export async function extremes(asking: Asking, governed: Governed, column: string): Promise<string[]> {
  const select = ['min', 'max'].map(
    (of) => `SELECT CAST(${of}(${identifierSql(column)}) AS varchar) AS clear FROM ${tableSql(governed)}`,
  );
  return texts(asking, column, select.join(' UNION ALL '));
}

async function texts(asking: Asking, column: string, sql: string): Promise<string[]> {
  const result = await readAs(asking, asking.cast.admin, `clear values of ${column}`, sql);
  const found = result
    .reveal('clear')
    .filter((value) => typeof value === 'string' && value.length >= shortest);
  expect(found.length, `clear values of ${column} to look for`).toBeGreaterThan(0);
  return [...new Set(found as string[])];
}

function selectText(governed: Governed, column: string): string {
  return `SELECT CAST(${identifierSql(column)} AS varchar) AS clear FROM ${tableSql(governed)}`;
}
