// What only a run that stores itself in a Postgres reads: without `mode: postgres` it would be required, and nothing kept.
import { valueAt } from '../shape-problems.ts';
import type { Source } from '../source.ts';
import { type Check, problemAt, textAt } from './check.ts';

export const checkStore: Check = (source) => {
  const mode = valueAt(source.value, ['store', 'mode']);
  if (mode !== undefined && mode !== 'folder') return [];
  const required = valueAt(source.value, ['store', 'required']) === true ? ['required'] : [];
  // The lock is a session of the same database, also where no run is kept there.
  const connection = locksInPostgres(source) ? [] : ['connectionFile', 'caFile'];
  const idle = [...required, ...connection.filter((key) => textAt(source, ['store', key]) !== undefined)];
  return idle.map((key) =>
    problemAt(source, ['store', key], {
      expected: `mode: postgres beside ${key}: without it results stay in a folder, and nothing is sent`,
      got: mode === undefined ? 'no mode, which means folder' : 'mode: folder',
      suggestion: 'mode: postgres',
    }),
  );
};

function locksInPostgres(source: Source): boolean {
  const lock = ['execution', 'lock'];
  return [valueAt(source.value, lock), textAt(source, [...lock, 'mode'])].includes('postgres');
}
