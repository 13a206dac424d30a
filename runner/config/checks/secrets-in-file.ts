// charter.yaml is a ConfigMap that many may read: no password, token or key stands in it, under any name.

import { keyWithSecret } from '../describe.ts';
import type { KeyPath } from '../places.ts';
import type { Problem } from '../problem.ts';
import { dotted } from '../shape-problems.ts';
import type { Check } from './check.ts';

const secretNames = new Set([
  'password',
  'passwords',
  'passwd',
  'passphrase',
  'pwd',
  'pass',
  'secret',
  'secrets',
  'secretvalue',
  'clientsecret',
  'token',
  'accesstoken',
  'refreshtoken',
  'bearertoken',
  'apikey',
  'apitoken',
  'privatekey',
  'credential',
  'credentials',
]);

export const useTheSecret =
  'no secret in this file; put it into the persona Secret under the key that passwordKey or secretKey names';

export const checkSecretsInFile: Check = (source) => {
  const found: Problem[] = [];
  const seen = new WeakSet<object>();
  const visit = (value: unknown, path: KeyPath): void => {
    const key = path.at(-1);
    if (typeof key === 'string' && isSecretName(key))
      found.push(refused(path, source.placeOfKey(path), `the key ${key}`));
    else if (typeof value === 'string') {
      const what = secretInText(value);
      if (what !== undefined) found.push(refused(path, source.placeOf(path), what));
    } else if (value !== null && typeof value === 'object' && !seen.has(value)) {
      // A value that aliases share is looked at once.
      seen.add(value);
      for (const [name, child] of Object.entries(value))
        visit(child, [...path, Array.isArray(value) ? Number(name) : name]);
    }
  };
  visit(source.value, []);
  return found;
};

export function isSecretName(key: string): boolean {
  const plain = key.toLowerCase().replaceAll(/[-_.\s]/g, '');
  return (
    secretNames.has(plain) ||
    plain.startsWith('akkotestpassword') ||
    /(?:password|passwd|clientsecret)$/.test(plain)
  );
}

const urlsWithCredentials = [
  /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/i,
  // A password may hold what ends the host of a URL; a colon with a port behind it, or behind a path, begins no password.
  /:\/\/[^\s/?#@:]{0,250}:(?!\d{1,5}(?:[/?#]|$))\S{0,500}@/,
];

function secretInText(text: string): string | undefined {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return 'a private key';
  if (/\beyJ[A-Za-z0-9_-]{5,}\.eyJ[A-Za-z0-9_-]{2,}/.test(text)) return 'a token';
  if (urlsWithCredentials.some((form) => form.test(text.trim()))) return 'a URL with credentials';
  return keyWithSecret.test(text) ? 'a text with a password or token' : undefined;
}

function refused(path: KeyPath, place: { line: number; column: number }, what: string): Problem {
  return { path: dotted(path), ...place, expected: useTheSecret, got: `${what} (value withheld)` };
}
