import { expect, test } from 'vitest';
import { judgeStarts } from './starts.ts';

test('one start within the aim is enough, and all are told', () => {
  expect(judgeStarts([1_400, 1_000, 2_100])).toBe(
    'start to first case result, best of 3: 1000 ms (1400, 1000, 2100)',
  );
});

test.each([
  ['all above it', [1_001, 1_400]],
  ['none that came to a result', [Number.POSITIVE_INFINITY]],
  ['none at all', []],
])('%s are refused', (_, starts) => {
  expect(() => judgeStarts(starts)).toThrow('the aim is 1000 ms');
});
