import { expect, test } from 'vitest';
import { isDefiner, reads, type View } from './view-text.ts';

const table = { catalog: 'iceberg', schema: 'banking', table: 'transactions' };

function view(name: string, security: string, sql: string): View {
  const text = `CREATE VIEW iceberg.banking.${name} ${security} AS\n${sql}`;
  return { catalog: 'iceberg', schema: 'banking', table: name, text };
}

test.each([
  ['SECURITY DEFINER', true],
  ['SECURITY INVOKER', false],
  ['', true],
  ["COMMENT 'is security invoker '\nSECURITY DEFINER", true],
  ["COMMENT 'x'\nSECURITY INVOKER", false],
])('a view with %s runs as its owner: %s', (security, expected) => {
  expect(isDefiner(view('v', security, 'SELECT 1'))).toBe(expected);
});

test.each([
  ['SELECT * FROM iceberg.banking.transactions', true],
  ['SELECT * FROM "Transactions" t', true],
  ["SELECT 'transactions' AS x FROM other", false],
  ['SELECT * FROM transactions_old', false],
  ['SELECT 1 -- transactions', false],
])('%s reads the table: %s', (sql, expected) => {
  const one = view('v', 'SECURITY DEFINER', sql);
  expect(reads(one, table, [one])).toBe(expected);
});

test('a view over a view over the table reads the table; views that name each other end', () => {
  const lower = view('lower_view', 'SECURITY INVOKER', 'SELECT * FROM transactions');
  const upper = view('upper_view', 'SECURITY DEFINER', 'SELECT * FROM lower_view');
  expect(reads(upper, table, [lower, upper])).toBe(true);
  const left = view('left_view', '', 'SELECT * FROM right_view');
  const right = view('right_view', '', 'SELECT * FROM left_view');
  expect(reads(left, table, [left, right])).toBe(false);
});
