import { expect, test } from 'vitest';
import { problemsOf } from './refusal.ts';

const json = { 'content-type': 'application/json' };
const refused = (body: object | string, headers: Record<string, string> = json) =>
  problemsOf({ headers, text: typeof body === 'string' ? body : JSON.stringify(body) }, ['sent-token']);

test.each([
  [{ error: 'unauthenticated', message: 'no identity: sign in' }, json],
  [{ error: 'invalid_token', message: 'the bearer token is not valid' }, json],
  [{ detail: 'Forbidden' }, { 'content-type': 'application/problem+json; charset=utf-8' }],
])('%j is a sound refusal', (body, headers) => {
  expect(refused(body, headers)).toEqual([]);
});

test.each([
  ['HTML', '<html></html>', ['not JSON']],
  ['nothing', '', ['not JSON']],
  ['a stack of node', { stack: new Error('x').stack }, ['shows a stack trace']],
  [
    'a stack of Python',
    { detail: 'Traceback (most recent call last): File "/app/main.py", line 3' },
    ['shows a stack trace'],
  ],
  ['a stack of Java', { trace: 'at org.acme.Guard.check(Guard.java:42)' }, ['shows a stack trace']],
  ['the token that came', { message: 'bad token sent-token' }, ['repeats the token it was sent']],
  ['a client secret', { debug: { client_secret: 'x' } }, ['has the field client_secret']],
  ['a JWT', { detail: 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0000.x' }, ['holds a token or key']],
])('%s is told', (_what, body, problems) => {
  expect(refused(body)).toEqual(problems);
});

test('JSON that does not say it is JSON is told', () => {
  expect(refused({ error: 'x' }, { 'content-type': 'text/html' })).toEqual(['not JSON']);
});
