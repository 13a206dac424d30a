// Builds the deployables: tree, image and archive of each. What was built from the same inputs is left as it is.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { action } from '../kind/action.ts';
import { projectRoot } from '../kind/paths.ts';
import { build as compiled, inputsOf, type Module, modules } from '../kind/tools.ts';
import type { Account } from './account.ts';
import { type Base, baseImage } from './base.ts';
import type { Builder, BuildOrder } from './builder.ts';
import { fillCompileCache } from './compile-cache.ts';
import { filesOf, nameOf, type Target, treeOf, version, workFolder } from './images.ts';
import { installProduction } from './install.ts';
import { normalise } from './normalise.ts';
import { saveWhole } from './save.ts';
import { stagesOf } from './stages.ts';
import { makeTree } from './tree.ts';
import { contentsOf, type TreeName } from './trees.ts';

export interface Built {
  readonly target: Target;
  readonly image: string;
  readonly archive: string;
  readonly id: string;
  readonly base: Base;
  /** Hash of everything it was built from. */
  readonly inputs: string;
  /** Once somebody has asked for it. */
  readonly account?: Account;
}

export interface BuildWish {
  readonly builder: Builder;
  readonly targets: readonly Target[];
  /** Default: the version in package.json. */
  readonly tag?: string;
  readonly base?: string;
}

export async function build({ builder, targets, tag = version(), base: given }: BuildWish): Promise<Built[]> {
  const base = await baseImage(builder, given);
  const images = targets.map((target) => ({
    ...{ target, image: `${nameOf[target]}:${tag}` },
    inputs: inputsHash(base, builder, treeOf[target]),
  }));
  const kept = new Map(
    images.map(({ target, image, inputs }) => [target, recorded(nameOf[target], image, inputs)]),
  );
  const stale = images.filter(({ target }) => kept.get(target) === undefined);
  for (const name of new Set(stale.map(({ target }) => treeOf[target])))
    await layOutTree(name, builder, base.image);
  // In reverse: Buildah takes an image for a stage of the one that comes from it, and would remove it with the other stages.
  for (const { target, image, inputs } of stale.toReversed())
    kept.set(target, await buildOne(builder, base, target, image, inputs));
  return [...kept.values()].filter((built) => built !== undefined);
}

/** Whose binaries a tree holds under bin/: always ours, for two machines must give the same bytes. */
const modulesIn: Readonly<Record<TreeName, readonly Module[]>> = {
  runner: [],
  harness: [modules.helm],
  probe: [],
};

async function layOutTree(name: TreeName, builder: Builder, base: string): Promise<void> {
  const tree = workFolder('tree', name);
  const packagesFrom = await installProduction();
  await action(`lay out the tree of ${name}`, () => makeTree(name, tree, { packagesFrom }));
  if (name !== 'probe') await action('compile it', () => fillCompileCache(builder, base, tree));
  for (const module of modulesIn[name])
    cpSync(await compiled(module), join(tree, 'bin'), { recursive: true });
  normalise(tree);
}

async function buildOne(
  builder: Builder,
  base: Base,
  target: Target,
  image: string,
  inputs: string,
): Promise<Built> {
  const { archive, record } = filesOf(nameOf[target]);
  await action(`build ${image}`, () => builder.build(orderOf(target, base.image, image)));
  await action(`write ${nameOf[target]}.tar`, () => saveWhole(builder, image, archive, record));
  const built: Built = { target, image, archive, id: (await builder.idOf(image)) ?? '', base, inputs };
  writeFileSync(record, `${JSON.stringify(built, undefined, 2)}\n`);
  return built;
}

/** Its part of the Dockerfile is written with it. */
export function orderOf(target: Target, base: string, tag: string): BuildOrder {
  const file = workFolder(`Dockerfile.${target}`);
  writeFileSync(file, stagesOf(readFileSync(join(projectRoot, 'Dockerfile'), 'utf8'), target));
  return { file, context: projectRoot, target, base, tag };
}

function recorded(name: string, image: string, inputs: string): Built | undefined {
  const { archive, record } = filesOf(name);
  if (!existsSync(archive) || !existsSync(record)) return undefined;
  const built = JSON.parse(readFileSync(record, 'utf8')) as Built;
  return built.inputs === inputs && built.image === image ? built : undefined;
}

/** Of what its tree is made of, the base and the way of building; not of times. */
export function inputsHash(
  { id }: Pick<Base, 'id'>,
  builder: Pick<Builder, 'name'>,
  name: TreeName,
  binaries: readonly Module[] = modulesIn[name],
): string {
  const hash = createHash('sha256').update([id, builder.name, ...binaries.map(inputsOf)].join(' '));
  const { folders, holds } = contentsOf[name];
  const sources = globSync(
    folders.map((folder) => `${folder}/**/*.*`),
    { cwd: projectRoot },
  ).filter(holds);
  const recipe = globSync('hack/image/**/*.*', { cwd: projectRoot, exclude: ['**/*.test.ts'] });
  const single = ['Dockerfile', '.dockerignore', 'package.json', 'package-lock.json'];
  for (const path of [...sources, ...recipe, ...single].toSorted())
    hash.update(`\n${path}\n`).update(readFileSync(join(projectRoot, path)));
  return hash.digest('hex').slice(0, 16);
}
