import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Secret } from '../../kube/index.ts';
import { markedFailed, readRelease } from './release.ts';

function revision(version: number, status: string, packed: object = {}, labels: object = {}): Secret {
  const inner = gzipSync(JSON.stringify({ info: { status, notes: 'n' }, ...packed })).toString('base64');
  return {
    metadata: {
      name: `sh.helm.release.v1.r.v${version}`,
      labels: { status, version: String(version), ...labels },
    },
    data: { release: Buffer.from(inner).toString('base64') },
  } as Secret;
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

test('a Secret that no Helm wrote still has a state', () => {
  const broken = { ...revision(1, 'deployed'), data: { release: btoa('x') } } as Secret;
  expect(readRelease([broken])).toMatchObject({ state: 'deployed', manifest: '' });
});

test('unlocking says failed in label and content, and keeps the rest', () => {
  const before = revision(2, 'pending-upgrade', { manifest: 'a: 1' });
  const after = readRelease([markedFailed(before, 'interrupted'), revision(1, 'deployed')]);
  expect(after).toMatchObject({ state: 'failed-upgrade', manifest: 'a: 1', revision: 2 });
});
