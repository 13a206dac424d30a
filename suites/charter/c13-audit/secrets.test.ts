import { expect, test } from 'vitest';
import { leaksIn, signatureOf } from './secrets.ts';

const password = 'p&ss "word"+1';
const secrets = [{ what: 'the password', text: password }];

test.each([
  ['plain', password],
  ['in a form', new URLSearchParams({ username: 'carol', password }).toString()],
  ['in a URL', `/login?password=${encodeURIComponent(password)}`],
  ['in JSON', JSON.stringify({ password })],
])('a password is found %s, and not quoted', (_how, raw_data) => {
  expect(leaksIn([{ raw_data }, {}], secrets)).toEqual(['the password']);
});

test('events without it are sound', () => {
  expect(leaksIn([{ actor: { user: { name: 'carol' } } }], secrets)).toEqual([]);
});

test('the signature of a JWT; all of an opaque token', () => {
  expect(signatureOf('a.b.c')).toBe('c');
  expect(signatureOf('opaque')).toBe('opaque');
});
