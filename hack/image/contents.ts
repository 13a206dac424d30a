// What an image lays over its base, and how it runs: two builders write the same in other layers and at other times.
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run, shell } from '../kind/command.ts';
import { savedImage } from './archive.ts';

/** Of files by path: type, mode, owner, content; of settings by name. */
export type Contents = ReadonlyMap<string, string>;

export interface Archives {
  /** docker-archives. */
  readonly image: string;
  readonly base: string;
}

/** `folder` is made, and filled with the files. Owners are right for root alone. */
export async function contentsAbove({ image, base }: Archives, folder: string): Promise<Contents> {
  const [all, below] = await Promise.all([savedImage(image), savedImage(base)]);
  if (below.layers.some(({ diffId }, i) => diffId !== all.layers[i]?.diffId))
    throw new Error(`${image} does not sit on the layers of ${base}`);
  mkdirSync(folder);
  for (const { path } of all.layers.slice(below.layers.length))
    await shell(`tar -xOf '${image}' '${path}' | tar -xp --same-owner --numeric-owner -C '${folder}'`);
  return new Map([...(await settingsOf(image, all.config.path)), ...filesIn(folder)]);
}

/** One line for each path or setting in which they differ, by the names of who made them. */
export function differences(made: Readonly<Record<string, Contents>>): readonly string[] {
  const paths = new Set(Object.values(made).flatMap((contents) => [...contents.keys()]));
  return [...paths].toSorted().flatMap((path) => {
    const each = Object.entries(made).map(([by, contents]) => [by, contents.get(path) ?? 'absent'] as const);
    const isSame = new Set(each.map(([, what]) => what)).size === 1;
    return isSame ? [] : [`${path}: ${each.map(([by, what]) => `${by} ${what}`).join(', ')}`];
  });
}

/** Of its configuration what a container runtime goes by. */
const settings = ['User', 'WorkingDir', 'Env', 'Entrypoint', 'Cmd'];

async function settingsOf(archive: string, path: string): Promise<readonly (readonly [string, string])[]> {
  const { config } = JSON.parse(await run(['tar', '-xOf', archive, path])) as {
    readonly config: Readonly<Record<string, unknown>>;
  };
  return settings.map((name) => [name, JSON.stringify(config[name] ?? null)] as const);
}

function filesIn(folder: string): readonly (readonly [string, string])[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => {
    const path = join(entry.parentPath, entry.name);
    const { mode, uid, gid } = lstatSync(path);
    const held = entry.isFile() ? hashOf(path) : entry.isSymbolicLink() ? `-> ${readlinkSync(path)}` : '';
    return [`/${relative(folder, path)}`, `${mode.toString(8)} ${uid}:${gid} ${held}`.trimEnd()] as const;
  });
}

const hashOf = (file: string) => `sha256:${createHash('sha256').update(readFileSync(file)).digest('hex')}`;
