import { expect, test } from 'vitest';
import { residue } from './residue.ts';

test('what is as it was is no residue', () => {
  expect(residue({ catalogs: 'a, b', policies: '1' }, { policies: '1', catalogs: 'a, b' })).toEqual([]);
});

test('what changed, came or went is', () => {
  expect(residue({ catalogs: 'a', masks: 'x' }, { catalogs: 'a, b', policies: '1' })).toEqual([
    'catalogs: a at the start, a, b now',
    'masks: x at the start, none now',
    'policies: none at the start, 1 now',
  ]);
});
