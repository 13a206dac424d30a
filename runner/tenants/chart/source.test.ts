import { expect, test } from 'vitest';
import { isAllowed, isSemVer, shownAs } from './source.ts';

test.each([
  ['1.19.1', true],
  ['v1.2.3', true],
  ['1.0.0-rc.1+b', true],
  ['1.0', false],
  ['latest', false],
  ['', false],
  [`sha256:${'0'.repeat(64)}`, true],
])('K36 is %s a version: %s', (version, expected) => {
  expect(isSemVer(version)).toBe(expected);
});

test.each([
  ['https://a.b/charts', ['https://a.b'], true],
  ['https://a.b.evil/charts', ['https://a.b'], false],
  ['https://a.b/x/../y', ['https://a.b/x'], false],
  ['oci://r.io/team', ['https://a.b', 'oci://r.io/team/'], true],
  ['https://a.b', [], false],
  ['https://a.b/x/%2e%2e/y', ['https://a.b/x'], false],
  ['https://a.b/x/.\t./y', ['https://a.b/x'], false],
  ['https://a.b/x\\..\\y', ['https://a.b/x'], false],
  ['https://a.b/x?y', ['https://a.b/x'], false],
  ['https://user@a.b/x', ['https://user@a.b'], false],
  ['http://10.0.0.1:8080/charts/', ['http://10.0.0.1:8080'], true],
])('may a Tenant take a chart from %s where %j is allowed: %s', (repo, allowed, expected) => {
  expect(isAllowed(repo, allowed)).toBe(expected);
});

test('a chart is shown as one text', () => {
  expect(shownAs({ repo: 'https://a.b/', name: 'web', version: '1.0.0' })).toBe('https://a.b/web:1.0.0');
});
