// Credentials that nobody told us of, known by their form; and the prose that only looks like them.
import { describe, expect, it } from 'vitest';
import { RedactingStream, Redactor } from './index.ts';

describe('credentials known by their form', () => {
  const redactor = new Redactor();
  const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl-_x';

  it.each([
    ['a JWT', `token ${jwt} end`, 'token *** end'],
    ['a JWT without a signature', 'x eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0. y', 'x *** y'],
    ['a JWT after an escaped line break', `\\n${jwt}"`, '\\n***"'],
    ['a JWT after other base64', `eyJhbGciOiJub25lIn0 ${jwt}`, 'eyJhbGciOiJub25lIn0 ***'],
    [
      'an Authorization header',
      'GET /\nAuthorization: Basic abc def\nHost: x',
      'GET /\nAuthorization: ***\nHost: x',
    ],
    ['a proxy header', 'Proxy-Authorization: Negotiate abc', 'Proxy-Authorization: ***'],
    ['cookies', 'Cookie: a=b; c="d e"\r\nX: 1', 'Cookie: ***\r\nX: 1'],
    ['a new cookie', 'set-cookie: KC=1; HttpOnly', 'set-cookie: ***'],
    ['headers as JSON', '{"authorization":"Bearer a b","x":"y"}', '{"authorization":"***","x":"y"}'],
    [
      'headers as JSON in JSON',
      '{\\"cookie\\":\\"a=\\\\\\"b\\\\\\"; c\\",\\"x\\":1}',
      '{\\"cookie\\":\\"***\\",\\"x\\":1}',
    ],
    ['a list of cookies', '{"set-cookie":["a=b","c=d"],"x":1}', '{"set-cookie":[***],"x":1}'],
    ['raw headers', "['authorization', 'Bearer abc', 'host', 'x']", "['authorization', '***', 'host', 'x']"],
    ['a bearer token', 'sent Bearer abcdef0123456789 to it', 'sent Bearer *** to it'],
    ['a bearer token in a URL', 'h=Bearer%20abcdef0123456789&x', 'h=Bearer%20***&x'],
    [
      'a token answer',
      '{"access_token":"opaque","expires_in":300}',
      '{"access_token":"***","expires_in":300}',
    ],
    [
      'a form',
      'grant_type=password&username=alice&password=hunter2&x=1',
      'grant_type=password&username=alice&password=***&x=1',
    ],
    ['a variable', 'AKKO_TEST_PASSWORD_ALICE=hunter2 node', 'AKKO_TEST_PASSWORD_ALICE=*** node'],
  ])('%s', (_, text, expected) => {
    expect(redactor.redact(text)).toBe(expected);
    expect(redactor.redact(expected)).toBe(expected);
    for (let cut = 0; cut <= text.length; cut += 1) {
      const stream = new RedactingStream(redactor);
      expect(stream.push(text.slice(0, cut)) + stream.push(text.slice(cut)) + stream.flush()).toBe(expected);
    }
  });

  it.each([
    'password: the server refused it',
    'bearer authentication is off',
    'AKKO_TEST_PASSWORD_ALICE is not set',
    'no Authorization, no Cookie, nothing',
    '{"password":true}',
  ])('leaves prose alone: %s', (text) => expect(redactor.redact(text)).toBe(text));

  it('are hidden in a header that never ends, without holding it', () => {
    const stream = new RedactingStream(redactor);
    let shown = stream.push('x\nAuthorization: ');
    for (let index = 0; index < 200; index += 1) shown += stream.push('Bearer 0123456789'.repeat(1000));
    shown += stream.push('\nafter') + stream.flush();
    expect(shown).toBe('x\nAuthorization: ***\nafter');
  });

  it.each([
    ['eyJ'.repeat(300_000)],
    ['authorization:'.repeat(70_000)],
    [`"cookie":"${'\\'.repeat(900_000)}`],
    [`Bearer ${'+'.repeat(900_000)}`],
    ['password="'.repeat(90_000)],
  ])('take no long time on text made to be slow (%#)', (text) => {
    const start = performance.now();
    redactor.redact(text);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
