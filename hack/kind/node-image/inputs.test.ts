// When an own node image is built again, and when the one that is there serves.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { components } from './contents/components.ts';
import { contentsFolder, hashOf, nodeInputs } from './inputs.ts';

const inputs = nodeInputs();

test('the same inputs have the same hash, in whatever order they come', () => {
  expect(hashOf(nodeInputs())).toBe(hashOf(inputs));
  expect(hashOf(new Map([...inputs].toReversed()))).toBe(hashOf(inputs));
});

test('files, the runtime shim and every module in the node are inputs', () => {
  expect([...inputs.keys()]).toEqual(
    expect.arrayContaining(['Dockerfile', 'build.ts', 'manifests/default-cni.yaml', 'runc-shim']),
  );
  const modules = [...inputs.keys()].filter((name) => name.startsWith('module '));
  const inNode = [...new Set(components.map(({ module }) => module.folder)), 'crictl', 'kind'];
  expect(modules.toSorted()).toEqual(inNode.map((name) => `module ${name}`).toSorted());
});

test.each([...inputs.keys()])('a change of %s gives another hash, and so does its absence', (name) => {
  const changed = new Map(inputs).set(name, `${inputs.get(name)}.`);
  const without = new Map([...inputs].filter(([one]) => one !== name));
  expect(new Set([inputs, changed, without].map(hashOf)).size).toBe(3);
});

test('what moves from one file to the next, or to another name, is a change', () => {
  const few = (...entries: readonly (readonly [string, string])[]) => hashOf(new Map(entries));
  const hashes = [
    few(['a', 'bc'], ['d', 'e']),
    few(['a', 'b'], ['cd', 'e']),
    few(['ab', 'c'], ['d', 'e']),
    few(['a', 'bc\n1\ne'], ['d', '']),
    few(['d', 'bc'], ['a', 'e']),
  ];
  expect(new Set(hashes).size).toBe(hashes.length);
});

test('a file that is changed or added in the folder is seen', () => {
  const folder = mkdtempSync(join(tmpdir(), 'charter-contents-'));
  try {
    cpSync(contentsFolder, folder, { recursive: true });
    expect(hashOf(nodeInputs(folder)), 'wherever the folder is').toBe(hashOf(inputs));
    const manifest = join(folder, 'manifests', 'default-cni.yaml');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('kube-router', 'kube-routes'));
    const changed = hashOf(nodeInputs(folder));
    writeFileSync(join(folder, 'manifests', 'more.yaml'), '');
    expect(new Set([hashOf(inputs), changed, hashOf(nodeInputs(folder))]).size).toBe(3);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
