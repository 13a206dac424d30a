// What is built and where it goes: the deployables, their names, the files beside them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inState, projectRoot } from '../kind/paths.ts';
import type { TreeName } from './trees.ts';

export const targets = ['runner', 'platform', 'probe', 'harness', 'tenant-operator'] as const;
export type Target = (typeof targets)[number];

/** Names as the chart and the kind harness know them. */
export const nameOf: Readonly<Record<Target, string>> = {
  runner: 'akko-charter-runner',
  platform: 'akko-reference-platform',
  probe: 'charter-probe',
  harness: 'charter-harness',
  'tenant-operator': 'tenant-operator',
};

/** What an image is laid over its base from. */
export const treeOf: Readonly<Record<Target, TreeName>> = {
  runner: 'runner',
  platform: 'runner',
  probe: 'probe',
  harness: 'harness',
  'tenant-operator': 'harness',
};

/** The base where a registry answers. */
export const publishedBase = 'docker.io/library/node:26-slim';
export const ownBaseName = 'akko-charter-base';

export function version(): string {
  const { version: declared } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  return declared;
}

/** A docker-archive, its SBOM, and what it was built from. */
export function filesOf(name: string): { archive: string; sbom: string; record: string } {
  const path = (ending: string) => inState('images', `${name}${ending}`);
  return { archive: path('.tar'), sbom: path('.cdx.json'), record: path('.build.json') };
}

/** Work of the builds: tree, installed packages, image stores. */
export function workFolder(...parts: readonly string[]): string {
  return inState('image', ...parts);
}
