import { expect, test } from 'vitest';
import { overlaps } from './spans.ts';

const span = (file: string, from: number, to: number) => ({ file, from, to });

test('runs one after another do not overlap', () => {
  expect(overlaps([span('b', 11, 20), span('a', 1, 10), span('c', 21, 30)])).toEqual([]);
});

test('a run within a longer one is told of it, also when another was between', () => {
  expect(overlaps([span('long', 1, 50), span('short', 10, 12), span('late', 40, 60)])).toEqual([
    'short began 40 ms before long ended',
    'late began 10 ms before long ended',
  ]);
});
