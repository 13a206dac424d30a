import { expect, test } from 'vitest';
import { readSpec } from '../tenant.ts';
import { isAllowed, isSemVer, ociSource, shownAs } from './source.ts';

test.each([
  ['1.19.1', true],
  ['v1.2.3', true],
  ['1.0.0-rc.1+b', true],
  ['1.0', false],
  ['latest', false],
  ['', false],
  [`sha256:${'0'.repeat(64)}`, true],
  ['sha256:/../../../evil/manifests/latest', false],
  [`sha256:${'0'.repeat(64)}/../x`, false],
  [' 1.0.0', false],
  ['1.0.0\n', false],
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

const digest = `sha256:${'a'.repeat(64)}`;
test.each([
  ['host/acme/charts/web', 'oci://host/acme/charts'],
  ['host:5000/acme/web', 'oci://host:5000/acme'],
  ['[::1]:5000/web', 'oci://[::1]:5000'],
  ['host/a.b/c__d/e--f_g', 'oci://host/a.b/c__d'],
  ...[
    '..\\..\\evil\\chart',
    '..',
    '.',
    '%2e%2e',
    'x?y',
    'x#y',
    'x y',
    'a..b',
    'a___b',
    'Web',
    '-a',
    'a/',
    'a//b',
  ].map((name) => [`host/acme/charts/${name}`, '']),
  ['host/acme/../evil/web', ''],
  ['user:pw@host/web', ''],
  ['host\\evil/web', ''],
  ['host', ''],
])('the OCI reference oci://%s has the repository %j', (path, repo) => {
  const oci = `oci://${path}@${digest}`;
  const [version, name] = repo === '' ? ['', ''] : [digest, path.split('/').at(-1)];
  expect(ociSource(oci)).toEqual({ repo, name, version });
  expect(isAllowed(ociSource(oci).repo, ['oci://host', 'oci://user:pw@host'])).toBe(
    repo.startsWith('oci://host/'),
  );
  expect(readSpec({ spec: { workspace: 'w', chartFrom: { oci } } }).kind).toBe(
    repo === '' ? 'invalid' : 'valid',
  );
});

test('a chart is shown as one text', () => {
  expect(shownAs({ repo: 'https://a.b/', name: 'web', version: '1.0.0' })).toBe('https://a.b/web:1.0.0');
});
