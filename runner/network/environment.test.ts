import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { networkEnvironment } from './environment.ts';

function kubeconfig(): string {
  const folder = mkdtempSync(join(tmpdir(), 'charter-contexts-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'kubeconfig');
  const names = ['home', 'away'];
  writeFileSync(
    path,
    stringify({
      ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'home' },
      clusters: names.map((name) => ({ name, cluster: { server: `https://${name}:6443` } })),
      contexts: names.map((name) => ({ name, context: { cluster: name, user: name } })),
      users: names.map((name) => ({ name, user: { token: 't' } })),
    }),
  );
  return path;
}

test('two clusters are two platforms, by the context or the current one', () => {
  const path = kubeconfig();
  expect(networkEnvironment({ kubeconfig: path })).toBe('network/home');
  expect(networkEnvironment({ kubeconfig: path, context: 'away' })).toBe('network/away');
});

test('where no cluster can be named the steps say so, and the run is of `network`', () => {
  expect(networkEnvironment({ kubeconfig: '/nowhere' })).toBe('network');
});
