// What the log of `charter cockpit` says of an error that a reader of the pages is only told to look up.
import { expect, test } from 'vitest';
import { storeError } from '../store/store-error.ts';
import { logWords } from './cockpit.ts';

test('the log says what a database lacks and what mends it, in one line', () => {
  const missing = Object.assign(new Error('column v.began_at does not exist'), { code: '42703' });
  expect(logWords(storeError('charter@db', missing))).toBe(
    'The store charter@db did not answer as it should: column v.began_at does not exist (CHR_STORE) Its tables are of an older version: ' +
      'run `charter store migrate` as the owner of the database. docs/store.md.',
  );
});
