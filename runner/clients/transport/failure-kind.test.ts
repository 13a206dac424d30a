import { expect, test } from 'vitest';
import { socketFailure } from './failure-kind.ts';

const coded = (code: string, cause?: Error) =>
  Object.assign(new Error('other side closed', { cause }), { code });

test.each([
  ['ECONNREFUSED', 'connect-refused'],
  ['ECONNRESET', 'reset'],
  ['EPIPE', 'reset'],
  ['ENOTFOUND', 'unresolved'],
  ['EAI_AGAIN', 'unresolved'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['ETIMEDOUT', 'timeout'],
  ['HPE_INVALID_CONSTANT', 'bad-answer'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'bad-answer'],
])('%s is %s', (code, kind) => {
  expect(socketFailure(coded(code))).toEqual({ kind, seen: code });
});

test('undici names a hung-up socket by its message', () => {
  expect(socketFailure(coded('UND_ERR_SOCKET'))).toEqual({ kind: 'reset', seen: 'other side closed' });
});

test('the cause of a socket error is more precise than the error', () => {
  expect(socketFailure(coded('UND_ERR_SOCKET', coded('EHOSTUNREACH')))).toEqual({
    kind: 'unreachable',
    seen: 'EHOSTUNREACH',
  });
});

test('a name with several addresses fails as its first address did', () => {
  const error = new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')]);
  expect(socketFailure(error)?.kind).toBe('connect-refused');
});

test.each([[new Error('plain')], [coded('UND_ERR_INVALID_ARG')], ['text'], [undefined]])(
  'a mistake of the caller is no failure of the target: %s',
  (error) => {
    expect(socketFailure(error)).toBeUndefined();
  },
);
