// The tree that becomes /app: production packages, pruned, and the sources of the runner. It runs in place, which is how it is tested.
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '../kind/paths.ts';
import { type Lockfile, productionPackages } from './production.ts';
import { isDroppedFile, isShippedSource } from './prune.ts';

/** One folder per COPY of the Dockerfile; compiled/ is made by compile-cache.ts. */
export const treeParts = ['node_modules', 'runner', 'suites', 'fixtures', 'compiled'] as const;

export interface TreeOptions {
  /** Folder of a node_modules that holds at least the production packages of the lock file. */
  readonly packagesFrom: string;
}

export function makeTree(tree: string, { packagesFrom }: TreeOptions): void {
  rmSync(tree, { recursive: true, force: true });
  for (const part of treeParts) mkdirSync(join(tree, part), { recursive: true });
  copyPackages(packagesFrom, tree);
  copyBindings(tree);
  for (const folder of ['runner', 'suites', 'fixtures/platform']) copySources(folder, tree);
  writeFileSync(join(tree, 'package.json'), manifest());
}

function copyPackages(from: string, tree: string): void {
  for (const { path, version } of productionPackages(lockfile())) {
    const source = join(dirname(from), path);
    const installed = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { version: string };
    if (installed.version !== version)
      throw new Error(`${path} is ${installed.version}, the lock file says ${version}: run npm ci`);
    const files = globSync('**', { cwd: source, exclude: ['node_modules'], withFileTypes: true });
    for (const file of files) {
      const below = join(file.parentPath, file.name).slice(source.length + 1);
      if (file.isFile() && !isDroppedFile(join(path, below).replace(/^.*node_modules\//, '')))
        copy(join(source, below), join(tree, path, below));
    }
  }
}

/** The stand-in is found under the name of every platform, so that the tree fits any of them. */
function copyBindings(tree: string): void {
  const standIn = join(import.meta.dirname, 'stand-ins', 'rolldown-binding');
  for (const platform of ['linux-x64-gnu', 'linux-arm64-gnu'])
    cpSync(standIn, join(tree, 'node_modules', '@rolldown', `binding-${platform}`), { recursive: true });
}

function copySources(folder: string, tree: string): void {
  for (const path of globSync(`${folder}/**/*.*`, { cwd: projectRoot }))
    if (isShippedSource(path)) copy(join(projectRoot, path), join(tree, path));
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}

export function lockfile(): Lockfile {
  return JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8')) as Lockfile;
}

/** What the runner reads of package.json: its version and its own name's exports. Nothing of development. */
function manifest(): string {
  const whole = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  const { name, version, license, type, dependencies } = whole;
  const author = (whole.exports as Record<string, string>)['.'];
  const exports = { '.': author };
  return `${JSON.stringify({ name, version, license, private: true, type, dependencies, exports }, undefined, 2)}\n`;
}
