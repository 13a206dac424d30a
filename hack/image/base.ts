// The base below our images: the published Node image where a registry answers, else one of our own from Debian packages and npm's Node.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { action } from '../kind/action.ts';
import { attempt, run } from '../kind/command.ts';
import { projectRoot } from '../kind/paths.ts';
import { fillRoot, packages } from './base-root.ts';
import type { Builder } from './builder.ts';
import { filesOf, ownBaseName, publishedBase, workFolder } from './images.ts';
import { saveWhole } from './save.ts';

export interface Base {
  readonly image: string;
  readonly id: string;
  readonly origin: 'given' | 'pulled' | 'built';
  /** docker-archive of it. */
  readonly archive: string;
}

/** `given`: a reference, best with a digest. Without one a registry is asked, unless the own base is at hand already. */
export async function baseImage(builder: Builder, given?: string): Promise<Base> {
  if (given !== undefined) {
    if ((await builder.idOf(given)) === undefined && !(await builder.pull(given)))
      throw new Error(`the base ${given} is not here and no registry gave it`);
    return archived(builder, given, 'given');
  }
  if ((await builder.idOf(publishedBase)) !== undefined) return archived(builder, publishedBase, 'pulled');
  const own = `${ownBaseName}:${await ownInputs()}`;
  if ((await builder.idOf(own)) !== undefined) return archived(builder, own, 'built');
  const pulled = await action('ask the registry for the base', () => builder.pull(publishedBase));
  if (pulled) return archived(builder, publishedBase, 'pulled');
  return ownBase(builder);
}

/** Built even where a registry answers. */
export async function ownBase(builder: Builder): Promise<Base> {
  const image = `${ownBaseName}:${await ownInputs()}`;
  if ((await builder.idOf(image)) === undefined) {
    const context = workFolder(`base.${process.pid}`);
    try {
      await action('make the base', () => fillRoot(join(context, 'root'), npmNode()));
      const file = join(import.meta.dirname, 'base.Dockerfile');
      await action('build the base', () => builder.build({ file, context, tag: image }));
    } finally {
      rmSync(context, { recursive: true, force: true });
    }
  }
  return archived(builder, image, 'built');
}

async function archived(builder: Builder, image: string, origin: Base['origin']): Promise<Base> {
  const id = await builder.idOf(image);
  if (id === undefined) throw new Error(`${image} was built and is not there`);
  const archive = workFolder('bases', `${id.replace('sha256:', '').slice(0, 12)}.tar`);
  if (!existsSync(archive)) {
    await action('unpack the base', () => saveWhole(builder, image, archive));
  }
  if (origin === 'built') copyFileSync(archive, filesOf(ownBaseName).archive);
  return { image, id, origin, archive };
}

/** Node as its makers built it, from the package the lock file pins; this machine may itself run an older one. */
function npmNode(): string {
  const pinned = join(projectRoot, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');
  if (existsSync(pinned)) return pinned;
  throw new Error(`the base needs ${pinned}: run npm ci on Linux x64, or give a base with --base`);
}

/** Changes with a version of a package or of Node, and with how the base is put together. */
async function ownInputs(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of ['base.Dockerfile', 'base-root.ts'])
    hash.update(readFileSync(join(import.meta.dirname, name)));
  hash.update(await run([npmNode(), '--version']));
  const policy = await attempt(['apt-cache', 'show', '--no-all-versions', ...packages]);
  hash.update(policy.stdout.match(/^(Package|Version|SHA256): .*$/gm)?.join('\n') ?? '');
  return hash.digest('hex').slice(0, 12);
}
