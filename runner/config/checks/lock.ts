// A lock by Lease needs to know which one.
import { valueAt } from '../shape-problems.ts';
import { type Check, problemAt, textAt } from './check.ts';

export const checkLock: Check = (source) => {
  const path = ['execution', 'lock'];
  const lock = valueAt(source.value, path);
  const isShort = lock === 'lease';
  if (!isShort && textAt(source, [...path, 'mode']) !== 'lease') return [];
  const named = [...path, 'lease'];
  if (!isShort && valueAt(source.value, named) !== undefined) return [];
  const expected = 'the name of the Lease, as in lock: { mode: lease, lease: akko-akko-charter-runner }';
  return [problemAt(source, isShort ? path : named, { expected, got: 'no name' })];
};
