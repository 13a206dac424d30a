import { expect, test } from 'vitest';
import { confidential } from './confidential.ts';

const pem = '-----BEGIN KEY-----\nMIIEowIBAAKCAQEA\n  line of  a key\n-----END KEY-----\n';

test.each<[string, unknown, string, string]>([
  ['a text', 'hunter-two', 'bad password hunter-two!', 'bad password ***!'],
  ['each line of a longer text', pem, 'near MIIEowIBAAKCAQEA in line 2', 'near *** in line 2'],
  ['a line whose spaces were folded', pem, 'near line of a key', 'near ***'],
  ['a text in quotes', 'pass"word', 'got "pass\\"word"', 'got "***"'],
  ['what a manifest holds of it', 'hunter-two', 'data aHVudGVyLXR3bw== is bad', 'data *** is bad'],
  ['a number', 123456, 'pin 123456', 'pin ***'],
  ['a number as Go prints it', 1234567, 'pin 1.234567e+06', 'pin ***'],
  ['what is deep inside', { a: [{ b: 'hunter-two' }] }, 'hunter-two', '***'],
])('%s is cut out', (_, value, message, expected) => {
  const secrets = confidential({});
  secrets.learn('k', [value]);
  expect(secrets.conceal('k', message)).toBe(expected);
  expect(secrets.conceal('another', message)).toBe(message);
});

test('words, truth and small numbers stay readable', () => {
  const secrets = confidential({ image: 'nginx', port: 8080, on: true });
  expect(secrets.conceal('k', 'nginx on 8080 is true')).toBe('nginx on 8080 is true');
});

test("the operator's own values are cut out of messages about every Tenant, the longest first", () => {
  const secrets = confidential({ user: 'secret', password: 'secret-and-more' });
  expect(secrets.conceal('k', 'secret-and-more of secret')).toBe('*** of ***');
});

test('a Secret that was changed is concealed as it ever was, also where it was empty in between; a Tenant that is gone is forgotten', () => {
  const secrets = confidential({});
  for (const value of ['first-password', 'second-password', undefined, 'third-password', 'third-password'])
    secrets.learn('k', value === undefined ? [] : [value]);
  expect(secrets.conceal('k', 'first-password second-password third-password')).toBe('*** *** ***');
  secrets.forget('k');
  expect(secrets.knows('k')).toBe(false);
  expect(secrets.conceal('k', 'third-password')).toBe('third-password');
});

test('what is kept of earlier contents has a limit, and what is in it now has none', () => {
  const secrets = confidential({});
  secrets.learn('k', ['long-forgotten']);
  const many = Array.from({ length: 1_500 }, (_, at) => `password-${at}`);
  secrets.learn('k', many);
  expect(secrets.conceal('k', 'long-forgotten password-7 password-1499')).toBe('*** *** ***');
  secrets.learn('k', ['newest-password']);
  expect(secrets.conceal('k', 'newest-password')).toBe('***');
  expect(secrets.conceal('k', 'long-forgotten')).toBe('long-forgotten');
});
