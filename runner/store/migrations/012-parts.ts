// A run that was told by flags to leave something out is a part of its charter, and no verdict on its environment.

/** Of a row of charter.run or charter.run_view. Runs of an older runner do not say which campaigns they took. */
const own = (row: string): string => `coalesce(${row}.properties->>'suites', '') like '--suites %'`;
const isPlain = (row: string): string =>
  `(${row}.properties->>'selection') is null and (${row}.properties->>'suites') not like '--suites %'`;

/**
 * Own campaigns (`--suites DIR`) are the whole charter of an environment that knows no other; beside runs of the campaigns that its
 * charter.yaml names they are a part. In a `case`, of which the planner knows nothing: of `is null` it takes one row of 200 to be true, and
 * then reads all runs to find the last one. And with a `limit`, because of `exists` it makes a table of all such runs.
 */
export const isWhole = (row: string): string =>
  `(case when ${row}.properties->>'selection' is not null then false when not ${own(row)} then true
     else (select true from charter.run plain where plain.environment = ${row}.environment and ${isPlain('plain')} limit 1) is null end)`;

/** The flags that make it a part; null where it is whole. */
export const selectionOf = (row: string): string =>
  `case when not ${isWhole(row)} then
     concat_ws(' ', case when ${own(row)} then ${row}.properties->>'suites' end, ${row}.properties->>'selection') end`;

export const parts = [`create index run_plain on charter.run (environment) where ${isPlain('run')}`];
