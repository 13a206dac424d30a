import { expect, test } from 'vitest';
import { type Answer, difference } from './difference.ts';

function answer(rows: readonly string[], values: Answer['values']): Answer {
  return { columns: Object.keys(values), rows, values };
}

const clear = answer(['k1', 'k2', 'k3'], {
  email: ['a', 'b', 'null'],
  region: ['eu', 'eu', 'us'],
  note: ['null', 'null', 'x'],
});

test('rows are compared by key, in whatever order they come', () => {
  const other = answer(['k2', 'k1'], { email: ['b', 'a'], region: ['eu', 'eu'], note: ['null', 'null'] });
  expect(difference(clear, other)).toEqual({ rows: 2, differing: [], empty: ['note'] });
});

test('one other value in a common row makes a column differ', () => {
  const other = answer(['k1', 'k2'], {
    email: ['a', 'masked'],
    region: ['eu', 'eu'],
    note: ['null', 'null'],
  });
  expect(difference(clear, other).differing).toEqual(['email']);
});

test('a column that the other answer lacks differs', () => {
  const other = answer(['k1'], { email: ['a'], note: ['null'] });
  expect(difference(clear, other).differing).toEqual(['region']);
});

test('answers without a common row say nothing', () => {
  expect(difference(clear, answer(['k9'], { email: ['z'] }))).toEqual({
    rows: 0,
    differing: [],
    empty: ['email', 'region', 'note'],
  });
});
