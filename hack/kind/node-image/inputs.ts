// What an own node image is made from. Its tag holds the hash of it: the image is built again when one of these changes, and only then.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inputsOf, type Module, modules } from '../tools.ts';

export const contentsFolder = join(import.meta.dirname, 'contents');
const shim = join(import.meta.dirname, '..', 'engine', 'runc-shim');

/** By name. */
export type Inputs = ReadonlyMap<string, string | Buffer>;

const { kubernetes, kind, etcd, coredns, kubeRouter, crictl, localPath, pause } = modules;
/** Whose binaries, or of kind files, are in the node. */
export const nodeModules: readonly Module[] = [
  ...[kubernetes, kind, etcd, coredns],
  ...[kubeRouter, crictl, localPath, pause],
];

/** The files of contents/, the runtime shim and the modules. */
export function nodeInputs(folder = contentsFolder): Inputs {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map<string, string | Buffer>([
    ...files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(folder.length + 1), readFileSync(path)] as const;
    }),
    ['runc-shim', readFileSync(shim)],
    ...nodeModules.map((module) => [`module ${module.folder}`, inputsOf(module)] as const),
  ]);
}

export function hashOf(inputs: Inputs): string {
  const hash = createHash('sha256');
  for (const [name, content] of [...inputs].toSorted(([one], [other]) => (one < other ? -1 : 1)))
    hash.update(`${name}\n${content.length}\n`).update(content);
  return hash.digest('hex').slice(0, 12);
}
