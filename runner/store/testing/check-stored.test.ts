// The judge of the nemesis test sees a run that stores nothing and is silent, one that stores another end, and one that is there twice.
import { expect, test } from 'vitest';
import { wrongRow, wrongRows } from './check-stored.ts';

const journal = '/out/charter-h-1.jsonl';
const told =
  'The store did not take the run.\n  The journal holds the run: `charter store push /out/charter-h-1.jsonl`';
const others = told.replace('h-1', 'h-2');
type Told = readonly [code: number | null, stderr: string, stored: number | null | undefined, disk?: 'full'];

const wrongOf = ([code, stderr, stored, disk]: Told) =>
  wrongRow({ code, stderr }, stored === undefined ? undefined : { exit_code: stored }, journal, {
    ...{ verdict: 1, disk: disk ?? 'fine' },
  }).join();

test.for<[string, Told]>([
  ['its own end', [1, '', 1]],
  ['its own end, and an answer that was lost', [1, told, 1]],
  ['no row, and says so', [1, told, undefined]],
  ['no end, and says so', [1, told, null]],
  ['no end, because it was killed', [null, '', null]],
  ['the end of its report on a full disk', [5, '', 5, 'full']],
  ['the end of its cases on a full disk', [5, '', 1, 'full']],
])('honest: %s', ([, run]) => expect(wrongOf(run)).toBe(''));

test.for<[string, Told, string]>([
  ['no row, in silence', [1, '', undefined], 'it stored nothing, and does not say so'],
  ['no end, in silence', [1, '', null], 'it stored no end, and does not say so'],
  ['no row on a full disk, in silence', [5, '', undefined, 'full'], 'it stored nothing'],
  ['no row, and names the journal of another', [1, others, undefined], 'it stored nothing'],
  ['another end', [1, '', 0], 'it stored the end 0, its cases ask for 1'],
  ['another end on a full disk', [5, '', 0, 'full'], 'it stored the end 0'],
  ['another end, killed', [null, '', 0], 'it stored the end 0'],
])('a lie: %s', ([, run, seen]) => expect(wrongOf(run)).toContain(seen));

test('each journal has one row, and no row is without a journal', () => {
  expect(wrongRows(['a', 'b'], ['a', 'b'], 'at last')).toEqual([]);
  expect(wrongRows(['a'], ['a', 'b'], 'while')).toEqual([]);
  expect(wrongRows(['a'], ['a', 'b'], 'at last')).toEqual(['no row is of the run b']);
  expect(wrongRows(['a', 'a-2'], ['a'], 'while')).toEqual(['no journal is of the run a-2']);
});
