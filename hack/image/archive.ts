// Reads docker-archives with tar: layers, their sizes, single files of them.
import { join } from 'node:path';
import { attempt, run, shell } from '../kind/command.ts';

export interface Layer {
  /** Path within the archive. */
  readonly path: string;
  readonly diffId: string;
}

export async function layersOf(archive: string): Promise<readonly Layer[]> {
  const [image] = JSON.parse(await run(['tar', '-xOf', archive, 'manifest.json']));
  const config = JSON.parse(await run(['tar', '-xOf', archive, image.Config]));
  return (image.Layers as string[]).map((path, i) => ({ path, diffId: config.rootfs.diff_ids[i] }));
}

export interface Size {
  /** Bytes, uncompressed and as gzip makes them. */
  readonly plain: number;
  readonly compressed: number;
}

export async function sizeOf(archive: string, layers: readonly Layer[]): Promise<Size> {
  const size = { plain: 0, compressed: 0 };
  for (const { path } of layers) {
    const layer = `tar -xOf '${archive}' '${path}'`;
    size.plain += Number(await shell(`${layer} | wc -c`));
    size.compressed += Number(await shell(`${layer} | gzip -6 | wc -c`));
  }
  return size;
}

/** Writes a file of the image to `to`; the topmost layer that has it wins. `false` where none has. */
export async function extract(archive: string, path: string, to: string): Promise<boolean> {
  for (const layer of (await layersOf(archive)).toReversed()) {
    const one = `tar -xOf '${archive}' '${layer.path}' | tar -xO '${path}' > '${to}'`;
    if ((await attempt(['bash', '-o', 'pipefail', '-c', `${one} 2>/dev/null`])).code === 0) return true;
  }
  return false;
}

/** Paths of all files of these layers. */
export async function filesIn(archive: string, layers: readonly Layer[]): Promise<readonly string[]> {
  const lists = await Promise.all(
    layers.map(({ path }) => shell(`tar -xOf '${archive}' '${path}' | tar -t`)),
  );
  return lists
    .join('\n')
    .split('\n')
    .map((path) => join('/', path));
}
