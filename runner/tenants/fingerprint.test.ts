import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fingerprint } from './fingerprint.ts';

const chart = { repo: 'https://charts.jetstack.io', name: 'cert-manager', version: '1.19.1' };
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

test.each([
  [{}, 'https://charts.jetstack.io|cert-manager|1.19.1'],
  [{ installCRDs: true }, 'https://charts.jetstack.io|cert-manager|1.19.1|installCRDs=true'],
  [
    { b: { c: 2, a: 'x' }, a: [1, { k: null }] },
    'https://charts.jetstack.io|cert-manager|1.19.1|a[0]=1|a[1].k=null|b.a=x|b.c=2',
  ],
])('K28 the fingerprint of %j is the sha256 of repo, name, version and every value', (values, text) => {
  expect(fingerprint(chart, values)).toBe(sha256(text));
});

test('K28 the order in which values are written does not matter', () => {
  expect(fingerprint(chart, { a: 1, b: { c: 2, d: 3 } })).toBe(
    fingerprint(chart, { b: { d: 3, c: 2 }, a: 1 }),
  );
});

test.each([
  [{ a: 1 }, { a: '1' }],
  [{ a: {} }, {}],
  [{ a: [] }, { a: {} }],
  [{ 'a.b': 1 }, { a: { b: 1 } }],
  [{ a: 'x|b=y' }, { a: 'x', b: 'y' }],
  [{ a: null }, { a: 'null' }],
  [{ '': {} }, {}],
  [{ '': { a: 1 } }, { a: 1 }],
  [{ '""': 1 }, { '': 1 }],
])('K28 %j and %j have different fingerprints', (one, other) => {
  expect(fingerprint(chart, one)).not.toBe(fingerprint(chart, other));
});

test('K28 different values never share a fingerprint', () => {
  const values = fc.dictionary(fc.string(), fc.jsonValue());
  fc.assert(
    fc.property(values, values, (one, other) => {
      const text = (value: object) => JSON.stringify(sorted(value));
      expect(fingerprint(chart, one) === fingerprint(chart, other)).toBe(text(one) === text(other));
    }),
  );
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.entries(value)
    .map(([key, item]) => [key, sorted(item)])
    .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}
