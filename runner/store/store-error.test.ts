// What is told of an error that nobody foresaw, to whoever met it: who reads or prunes has no journal to push.
import { expect, test } from 'vitest';
import { storeError } from './store-error.ts';

test('the hint of an unknown error fits each command', () => {
  const { code, hint } = storeError('db', new Error('canceling statement due to statement timeout'));
  expect(code).toBe('CHR_STORE');
  expect(hint).not.toContain('store push');
  expect(hint).toContain('repeat the command');
});
