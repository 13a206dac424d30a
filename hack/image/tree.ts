// A tree becomes /app of an image: production packages, pruned, and sources. It runs in place, which is how it is tested.
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '../kind/paths.ts';
import { type Lockfile, productionPackages } from './production.ts';
import { isDroppedFile } from './prune.ts';
import { quickStart } from './quick-start.ts';
import { contentsOf, type TreeContents, type TreeName } from './trees.ts';

export interface TreeOptions {
  /** Folder of a node_modules that holds at least the production packages of the lock file. */
  readonly packagesFrom: string;
}

export async function makeTree(name: TreeName, tree: string, { packagesFrom }: TreeOptions): Promise<void> {
  const contents = contentsOf[name];
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(tree, { recursive: true });
  copyPackages(packagesFrom, contents, tree);
  if (contents.packages.includes('zod')) await quickStart(join(tree, 'node_modules'));
  copySources(contents, tree);
  writeFileSync(join(tree, 'package.json'), manifest(contents));
}

function copyPackages(from: string, { packages }: TreeContents, tree: string): void {
  for (const { path, version } of productionPackages(lockfile(), packages)) {
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

function copySources({ folders, holds }: TreeContents, tree: string): void {
  for (const folder of folders)
    for (const path of globSync(`${folder}/**/*.*`, { cwd: projectRoot }))
      if (holds(path)) copy(join(projectRoot, path), join(tree, path));
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}

export function lockfile(): Lockfile {
  return JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8')) as Lockfile;
}

/** What the runner reads of package.json: its version and its own name's exports. Nothing of development. */
function manifest({ packages }: TreeContents): string {
  const whole = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  const { name, version, license, type } = whole;
  const pinned = Object.entries(whole.dependencies as Record<string, string>);
  const dependencies = Object.fromEntries(pinned.filter(([one]) => packages.includes(one)));
  const author = (whole.exports as Record<string, string>)['.'];
  const exports = { '.': author };
  return `${JSON.stringify({ name, version, license, private: true, type, dependencies, exports }, undefined, 2)}\n`;
}
