import assert from 'node:assert';
import { expect, test } from 'vitest';
import { outcomeOf } from './outcome.ts';

const thrownBy = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

test.each([
  ['a plain matcher', () => expect(1, 'status').toBe(2)],
  ["one of chai's", () => expect(1, 'status').to.be.oneOf([2, 3])],
  ['an extended matcher', () => expect(1, 'status').toBeOneOf([2, 3])],
  ['node:assert', () => assert.strictEqual(1, 2, 'status')],
])('%s that does not hold is failed, in plain text', (_, work) => {
  const { verdict, failure } = outcomeOf(thrownBy(work));
  expect(verdict).toBe('failed');
  expect(failure?.kind).toBe('assertion');
  expect(failure?.message).toContain('status');
  expect(failure?.message.includes(String.fromCharCode(27))).toBe(false);
});

test('anything else is error', () => {
  for (const thrown of [new Error('x'), new TypeError('x'), 'x', null, undefined]) {
    expect(outcomeOf(thrown).verdict).toBe('error');
  }
});
