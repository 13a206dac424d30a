import { expect, test } from 'vitest';
import { literalsOf, mentions } from './expression.ts';

test.each([
  ["region = 'EU'", 'region', true],
  ["t.REGION = 'EU'", 'region', true],
  [`"region" IN ('EU')`, 'region', true],
  ["customer_name = 'region'", 'region', false],
  ["subregion = 'EU'", 'region', false],
  ["name = 'it''s region'", 'region', false],
])('%s mentions %s: %s', (expression, column, expected) => {
  expect(mentions(expression, column)).toBe(expected);
});

test('literals are found whole, with their quotes', () => {
  expect(literalsOf("region IN ('EU', 'it''s', '')")).toEqual(['EU', "it's", '']);
  expect(literalsOf('1 = 1')).toEqual([]);
});
