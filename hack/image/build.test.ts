// When an image is built again.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { modules, toolsFolder } from '../kind/tools.ts';
import { inputsHash } from './build.ts';

const base = { id: 'sha256:0' };
const builder = { name: 'docker' } as const;

test('another version of a binary that goes into a tree is another image', () => {
  const folder = mkdtempSync(join(tmpdir(), 'charter-helm-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const helm = { ...modules.helm, folder: relative(toolsFolder, folder) };
  const hashOf = (version: string) => {
    writeFileSync(join(folder, 'go.mod'), `require helm.sh/helm/v4 ${version}\n`);
    return inputsHash(base, builder, 'harness', [helm]);
  };
  expect(hashOf('v4.3.1')).not.toBe(hashOf('v4.3.2'));
  expect(hashOf('v4.3.1')).toBe(hashOf('v4.3.1'));
});

test('helm goes into the harness alone', () => {
  const without = (name: 'runner' | 'harness' | 'probe') => inputsHash(base, builder, name, []);
  expect(inputsHash(base, builder, 'harness')).not.toBe(without('harness'));
  expect(inputsHash(base, builder, 'runner')).toBe(without('runner'));
});
