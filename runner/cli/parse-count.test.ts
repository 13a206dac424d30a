// Numbers of flags: what is no whole number, or more than anybody means, is refused with what was expected.
import { expect, test } from 'vitest';
import { parseCount, parseDays } from './parse-count.ts';

test.for([
  ['a count', parseCount, 100_000],
  ['days', parseDays, 36_500],
] as const)('%s', ([, parse, most]) => {
  expect([parse('1'), parse(`${most}`)]).toEqual([1, most]);
  for (const text of ['0', '-1', '1.5', 'many', '', `${most + 1}`])
    expect(() => parse(text), text).toThrow(`expected a whole number from 1 to ${most}.`);
});
