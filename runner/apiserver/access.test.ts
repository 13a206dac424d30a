import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inClusterAccess } from './access.ts';

const env = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '6443' };
let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'charter-serviceaccount-'));
  for (const name of ['token', 'ca.crt', 'namespace']) writeFileSync(join(directory, name), `${name}-1\n`);
});
afterEach(() => rmSync(directory, { recursive: true }));

function access(vars: Record<string, string> = env) {
  const cluster = inClusterAccess({ env: vars, directory });
  if ('reason' in cluster) throw new Error(cluster.reason);
  return cluster.access;
}

test('outside a Pod there is no access, and the reason says so', () => {
  expect(inClusterAccess({ env: {}, directory })).toEqual({
    reason: 'not in a Pod (KUBERNETES_SERVICE_HOST is not set)',
  });
});

test('a Pod without a ServiceAccount token has no access', () => {
  rmSync(join(directory, 'token'));
  expect(inClusterAccess({ env, directory })).toEqual({
    reason: `no ServiceAccount token: ${directory} cannot be read (ENOENT)`,
  });
});

test('address, namespace and CA come from the Pod', () => {
  expect(access()).toMatchObject({ url: 'https://10.96.0.1:6443', namespace: 'namespace-1', ca: 'ca.crt-1' });
});

test.each([
  [{ KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' }, 'https://[fd00::1]:443'],
  [{ KUBERNETES_SERVICE_HOST: '10.96.0.1' }, 'https://10.96.0.1:443'],
  [{ ...env, KUBERNETES_SERVICE_PORT_HTTPS: '8443' }, 'https://10.96.0.1:8443'],
])('%j is %s', (vars, url) => {
  expect(access(vars as Record<string, string>).url).toBe(url);
});

test('a renewed token is taken at the next call', () => {
  const found = access();
  writeFileSync(join(directory, 'token'), 'token-2');
  expect(found.token()).toBe('token-2');
});
