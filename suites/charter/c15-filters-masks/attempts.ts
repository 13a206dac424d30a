// Ways around a mask that SQL offers: those that look for a clear value, and those that try to bring one out.
import { identifierSql, type TableName, tableSql, textSql } from 'charter-runner';

export interface Place {
  readonly table: TableName;
  readonly key: string;
  readonly column: string;
}

/** Counts rows in which the engine finds the clear value, as `n`; 0 when it only knows the masked one. */
export const searches: Readonly<Record<string, (place: Place, clear: string) => string>> = {
  'WHERE =': (place, clear) =>
    `SELECT count(*) AS n FROM ${table(place)} WHERE ${text(place)} = ${textSql(clear)}`,
  'WHERE IN (subquery)': (place, clear) =>
    `SELECT count(*) AS n FROM ${table(place)} WHERE ${text(place)} IN (SELECT v FROM (VALUES (${textSql(clear)})) AS wanted (v))`,
  'WHERE LIKE': (place, clear) =>
    `SELECT count(*) AS n FROM ${table(place)} WHERE strpos(${text(place)}, ${textSql(clear)}) > 0`,
  JOIN: (place, clear) =>
    `SELECT count(*) AS n FROM ${table(place)} AS t JOIN (VALUES (${textSql(clear)})) AS wanted (v) ON ${text(place, 't')} = wanted.v`,
  HAVING: (place, clear) =>
    `SELECT count(*) AS n FROM (SELECT ${column(place)} FROM ${table(place)} GROUP BY ${column(place)} HAVING ${text(place)} = ${textSql(clear)}) AS found`,
  count_if: (place, clear) => `SELECT count_if(${text(place)} = ${textSql(clear)}) AS n FROM ${table(place)}`,
};

/** Selects the column as `shown`, each in another way. `among` keeps to the rows of the sample. */
export const extractions: Readonly<Record<string, (place: Place, among: string) => string>> = {
  SELECT: (place, among) => `SELECT ${column(place)} AS shown FROM ${table(place)} WHERE ${among}`,
  'GROUP BY': (place, among) =>
    `SELECT ${column(place)} AS shown FROM ${table(place)} WHERE ${among} GROUP BY ${column(place)}`,
  'ORDER BY': (place, among) =>
    `SELECT ${column(place)} AS shown FROM ${table(place)} WHERE ${among} ORDER BY ${column(place)}`,
  CAST: (place, among) => `SELECT ${text(place)} AS shown FROM ${table(place)} WHERE ${among}`,
  concat: (place, among) => `SELECT concat(${text(place)}, '') AS shown FROM ${table(place)} WHERE ${among}`,
  max: (place, among) => `SELECT max(${column(place)}) AS shown FROM ${table(place)} WHERE ${among}`,
  array_agg: (place, among) =>
    `SELECT array_agg(${column(place)}) AS shown FROM ${table(place)} WHERE ${among}`,
  subquery: (place, among) =>
    `SELECT inner_column AS shown FROM (SELECT ${column(place)} AS inner_column FROM ${table(place)} WHERE ${among}) AS inner_table`,
  CTE: (place, among) =>
    `WITH inner_table AS (SELECT ${column(place)} AS inner_column FROM ${table(place)} WHERE ${among}) SELECT inner_column AS shown FROM inner_table`,
  UNION: (place, among) =>
    `SELECT ${column(place)} AS shown FROM ${table(place)} WHERE ${among} UNION SELECT ${column(place)} FROM ${table(place)} WHERE ${among}`,
  'self JOIN': (place, among) =>
    `SELECT b.${column(place)} AS shown FROM (SELECT ${identifierSql(place.key)} AS k FROM ${table(place)} WHERE ${among}) AS a JOIN ${table(place)} AS b ON a.k = b.${identifierSql(place.key)}`,
  UNNEST: (place, among) =>
    `SELECT u.shown FROM ${table(place)} CROSS JOIN UNNEST(ARRAY[${column(place)}]) AS u (shown) WHERE ${among}`,
};

/** The same rows for everybody whom the filter leaves them: the first `rows` by key. */
export function sample({ table: name, key }: Place, rows: number): string {
  return `${identifierSql(key)} IN (SELECT ${identifierSql(key)} FROM ${tableSql(name)} ORDER BY ${identifierSql(key)} LIMIT ${rows})`;
}

function table(place: Place): string {
  return tableSql(place.table);
}

function column(place: Place): string {
  return identifierSql(place.column);
}

/** The column as text, so that columns of every type can be compared with the text of a clear value. */
function text(place: Place, alias?: string): string {
  return `CAST(${alias === undefined ? '' : `${alias}.`}${column(place)} AS varchar)`;
}
