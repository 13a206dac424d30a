import { expect, test } from 'vitest';
import { identifierSql, tableSql, textSql } from './sql.ts';

test('a name is quoted, and a quote in it doubled', () => {
  expect(identifierSql('region')).toBe('"region"');
  expect(identifierSql('a" OR "b')).toBe('"a"" OR ""b"');
});

test('a table is three quoted names', () => {
  expect(tableSql({ catalog: 'iceberg', schema: 'banking', table: 'transactions$partitions' })).toBe(
    '"iceberg"."banking"."transactions$partitions"',
  );
});

test('a text cannot end its literal', () => {
  expect(textSql("O'Neill")).toBe("'O''Neill'");
});
