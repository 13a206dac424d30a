import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Secret } from '../../kube/index.ts';
import { markedFailed, readRelease } from './release.ts';

function revision(version: number, status: string, packed: object = {}, labels: object = {}): Secret {
  const whole = { name: 'r', version, info: { status, notes: 'n' }, ...packed };
  return {
    metadata: {
      name: `sh.helm.release.v1.r.v${version}`,
      labels: { name: 'r', status, version: String(version), ...labels },
    },
    data: { release: packedAs(JSON.stringify(whole)) },
  } as Secret;
}

function packedAs(text: string): string {
  return Buffer.from(gzipSync(text).toString('base64')).toString('base64');
}

test('without revisions there is no release', () => {
  expect(readRelease([])).toBeUndefined();
});

test.each<[Secret[], string]>([
  [[revision(1, 'deployed')], 'deployed'],
  [[revision(1, 'failed')], 'failed-install'],
  [[revision(2, 'failed'), revision(1, 'failed')], 'failed-install'],
  [[revision(2, 'failed'), revision(1, 'deployed')], 'failed-upgrade'],
  [[revision(10, 'deployed'), revision(9, 'superseded'), revision(2, 'failed')], 'deployed'],
  [[revision(1, 'pending-install')], 'pending-install'],
  [[revision(2, 'pending-upgrade'), revision(1, 'deployed')], 'pending-upgrade'],
  [[revision(2, 'pending-rollback'), revision(1, 'superseded')], 'pending-rollback'],
  [[revision(1, 'uninstalling')], 'uninstalling'],
  [[revision(1, 'uninstalled')], 'uninstalling'],
])('the latest revision says the state (%#)', (secrets, state) => {
  expect(readRelease(secrets)?.state).toBe(state);
});

test('fingerprint, digest, manifest and hooks come from the latest revision', () => {
  const labels = { 'mesh.openkcm.io/fingerprint': 'f', 'mesh.openkcm.io/chart-digest': 'd' };
  const packed = { manifest: 'a: 1', hooks: [{ name: 'migrate', events: ['pre-install'] }] };
  expect(readRelease([revision(1, 'superseded'), revision(2, 'deployed', packed, labels)])).toMatchObject({
    revision: 2,
    fingerprint: 'f',
    chartDigest: 'd',
    manifest: 'a: 1',
    hooks: ['migrate'],
    tests: 'none',
    rollbackTo: 1,
  });
});

const hook = (phase?: string) => ({ name: 't', events: ['test'], ...(phase ? { last_run: { phase } } : {}) });
test.each([
  [[hook()], 'due'],
  [[hook('')], 'due'],
  [[hook('Succeeded')], 'passed'],
  [[hook('Succeeded'), hook('Failed')], 'failed'],
  [[hook('Succeeded'), hook()], 'due'],
] as const)('tests %j are %s', (hooks, expected) => {
  expect(readRelease([revision(1, 'deployed', { hooks })])?.tests).toBe(expected);
});

const real = revision(3, 'deployed', { manifest: 'a: 1' });
const holding = (release: string): Secret => ({ ...real, data: { release } });
test.each<[string, Secret]>([
  ['nothing', { metadata: real.metadata ?? {} }],
  ['what is not packed', holding(btoa('x'))],
  ['what is no release', holding(packedAs('null'))],
  ['hooks that are none', revision(3, 'deployed', { hooks: 'x' })],
  ['a manifest that is no text', revision(3, 'deployed', { manifest: 5 })],
  ['another release', revision(3, 'deployed', {}, { name: 'of-another' })],
  ['another revision', revision(3, 'deployed', {}, { version: '4' })],
  [
    'the same, under a name that Helm would not look for',
    { ...real, metadata: { ...real.metadata, name: 'x' } },
  ],
  [
    'more than a Secret can hold unless it is made for that',
    revision(3, 'deployed', { manifest: ' '.repeat(2 ** 24) }),
  ],
])('a latest revision that holds %s is not taken for what its labels say', (_, forged) => {
  const read = readRelease([revision(2, 'superseded'), forged]);
  expect(read?.state).toBe('unreadable');
  expect(read?.trouble).toContain(`Secret ${forged.metadata?.name} says`);
  expect(readRelease([real])?.trouble).toBeUndefined();
});

test('unlocking says failed in label and content, and keeps the rest', () => {
  const before = revision(2, 'pending-upgrade', { manifest: 'a: 1' });
  const after = readRelease([markedFailed(before, 'interrupted'), revision(1, 'deployed')]);
  expect(after).toMatchObject({ state: 'failed-upgrade', manifest: 'a: 1', revision: 2 });
});
