// What a run says of the part of the charter that it took: in words of its flags, and nothing where it is whole.
import { expect, test } from 'vitest';
import { pickedOf } from './network-run.ts';
import { selectionProperties } from './run-selection.ts';

const all = { campaign: [], case: [], persona: [], tag: [] };
const nothing = { family: [], case: [] };

test.each([
  [{}, {}],
  [{ shard: { index: 1, count: 3 } }, {}],
  [{ case: ['10.3', '10.4'] }, { selection: '--case 10.3 --case 10.4' }],
  [{ campaign: ['C-10'], persona: ['alice'] }, { selection: '--campaign C-10 --persona alice' }],
  [{ tag: ['short'] }, { selection: '--tag short' }],
  [{ suites: 'mine' }, { suites: '--suites mine' }],
  [
    { suites: 'mine', case: ['1'] },
    { suites: '--suites mine', selection: '--case 1' },
  ],
  [{ suites: 'network', tag: ['short'], selection: '' }, {}],
  [{ suites: 'network', tag: ['short'], selection: '--short' }, { selection: '--short' }],
])('flags %j give %j', (flags, property) => {
  expect(selectionProperties({ ...all, ...flags })).toEqual(property);
});

test.each([
  [nothing, ''],
  [{ ...nothing, short: true as const }, '--short'],
  [{ family: ['deny'], case: ['deny.1'] }, '--family deny --case deny.1'],
])('of `charter network run`, %j gives %j', (flags, words) => {
  expect(pickedOf(flags)).toBe(words);
});
