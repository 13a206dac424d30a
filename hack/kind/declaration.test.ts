import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { declaredClusters } from './declaration.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function file(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'charter-clusters-'));
  folders.push(folder);
  writeFileSync(join(folder, 'clusters.yaml'), text);
  return join(folder, 'clusters.yaml');
}

test('one home and two remote clusters are declared; home has two nodes', () => {
  expect(declaredClusters().map(({ name, role, nodes }) => [name, role, nodes])).toEqual([
    ['home', 'home', 2],
    ['remote-a', 'remote', 1],
    ['remote-b', 'remote', 1],
  ]);
});

test('named clusters come in the order of the file', () => {
  expect(declaredClusters(['remote-b', 'home']).map(({ name }) => name)).toEqual(['home', 'remote-b']);
});

test('a name that is not declared is refused with those that are', () => {
  expect(() => declaredClusters(['remote-c'])).toThrow(
    'declares no cluster remote-c; it has home, remote-a, remote-b',
  );
});

test.each([
  ['a name that is no DNS label', 'clusters: [{ name: Home, role: home }]', 'DNS label'],
  ['a role that does not exist', 'clusters: [{ name: x, role: away }]', 'clusters[0].role'],
  ['an unknown key', 'clusters: [{ name: x, role: home, node: 2 }]', 'node'],
  [
    'the same name twice',
    'clusters: [{ name: x, role: home }, { name: x, role: remote }]',
    'two clusters are named x',
  ],
  ['no cluster at all', 'clusters: []', 'clusters'],
])('%s is refused', (_, text, told) => {
  expect(() => declaredClusters([], file(text))).toThrow(told);
});
