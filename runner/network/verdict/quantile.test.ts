import { expect, test } from 'vitest';
import { latencyOf, quantile } from './quantile.ts';

test('quantiles are values that were measured', () => {
  expect(quantile([3, 1, 2], 0.5)).toBe(2);
  expect(quantile([1, 2, 3, 4], 0.95)).toBe(4);
  expect(quantile([5], 0.5)).toBe(5);
  expect(quantile([], 0.5)).toBeNaN();
});

test('latency is told of pairs, and of none where none changed', () => {
  expect(latencyOf([300, 100, 400, 200])).toEqual({ cells: 4, p50: 200, p95: 400, max: 400 });
  expect(latencyOf([])).toBeUndefined();
});
