import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editDistance, nearest } from './suggest.ts';

describe('nearest', () => {
  test.each([
    ['ulr', ['url', 'expected'], 'url'],
    ['filtercolumn', ['filterColumn', 'filterValues'], 'filterColumn'],
    ['filter_column', ['filterColumn', 'filterValues'], 'filterColumn'],
    ['C10', ['C-10', 'C-11'], 'C-10'],
    ['alcie', ['alice', 'carol'], 'alice'],
    ['expectd', ['refused', 'expected'], 'expected'],
    ['banana', ['url', 'expected'], undefined],
    ['x', ['y'], undefined],
    ['', ['a'], undefined],
    ['u'.repeat(10_000), ['url'], undefined],
  ])('%j among %j: %s', (word, candidates, expected) => {
    expect(nearest(word, candidates)).toBe(expected);
  });
});

test('the distance is a distance', () => {
  const word = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      const distance = editDistance(a, b);
      expect(distance).toBe(editDistance(b, a));
      expect(distance === 0).toBe(a === b);
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});
