import { expect, test } from 'vitest';
import { postgresConnection } from '../store/index.ts';
import { impatient } from './store-sink.ts';

test.each([
  [5_000, 2_500, 3_000],
  [300, 150, 300],
])('an end of %i ms leaves room for a second connection', (finishMs, answerMs, connectMs) => {
  const connection = postgresConnection({ env: { PGHOST: 'db' }, application: 'test' });
  expect(impatient(connection, finishMs).pool).toMatchObject({
    ...{ host: 'db', max: 1, connectionTimeoutMillis: connectMs },
    ...{ query_timeout: answerMs, statement_timeout: answerMs },
  });
});
