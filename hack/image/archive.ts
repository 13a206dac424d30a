// Reads docker-archives with tar: layers, their sizes, single files of them.
import { attempt, run, shell } from '../kind/command.ts';

export interface Layer {
  /** Path within the archive. */
  readonly path: string;
  /** SHA-256 of its uncompressed bytes, `sha256:…`. */
  readonly diffId: string;
}

export interface SavedImage {
  /** Whole names with tag, `docker.io/library/akko-charter-runner:e2e`. */
  readonly names: readonly string[];
  readonly config: { readonly path: string; readonly digest: string };
  readonly layers: readonly Layer[];
}

/** The first image in it. */
export async function savedImage(archive: string): Promise<SavedImage> {
  const [saved] = JSON.parse(await run(['tar', '-xOf', archive, 'manifest.json'])) as [
    { Config: string; RepoTags: string[] | null; Layers: string[] },
  ];
  const config = JSON.parse(await run(['tar', '-xOf', archive, saved.Config])) as {
    readonly rootfs: { readonly diff_ids: readonly string[] };
  };
  return {
    names: (saved.RepoTags ?? []).map(wholeName),
    config: { path: saved.Config, digest: `sha256:${/[0-9a-f]{64}/.exec(saved.Config)?.[0]}` },
    layers: saved.Layers.map((path, i) => ({ path, diffId: config.rootfs.diff_ids[i] ?? '' })),
  };
}

/** As container runtimes know it. */
function wholeName(name: string): string {
  const [registry = '', ...rest] = name.split('/');
  if (rest.length === 0) return `docker.io/library/${name}`;
  return /[.:]|^localhost$/.test(registry) ? name : `docker.io/${name}`;
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
  for (const layer of (await savedImage(archive)).layers.toReversed()) {
    const one = `tar -xOf '${archive}' '${layer.path}' | tar -xO '${path}' > '${to}'`;
    if ((await attempt(['bash', '-o', 'pipefail', '-c', `${one} 2>/dev/null`])).code === 0) return true;
  }
  return false;
}
