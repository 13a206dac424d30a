import { expect, test } from 'vitest';
import { quantile } from './quantile.ts';

test('quantiles are values that were measured', () => {
  expect(quantile([3, 1, 2], 0.5)).toBe(2);
  expect(quantile([1, 2, 3, 4], 0.95)).toBe(4);
  expect(quantile([5], 0.5)).toBe(5);
  expect(quantile([], 0.5)).toBeNaN();
});
