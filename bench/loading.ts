// What each further cluster adds to the time that an image needs into all nodes. The image of each round is one that no node holds, to its
// last layer: of what a node holds nothing is sent.
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { savedImage } from '../hack/image/archive.ts';
import { run, shell } from '../hack/kind/command.ts';
import { type Cluster, podNodesOf } from '../hack/kind/declaration.ts';
import { digestOf } from '../hack/kind/load.ts';
import { temporaryFolder } from '../hack/kind/temporary.ts';

export interface LoadRow {
  readonly clusters: number;
  readonly nodes: number;
  readonly seconds: number;
  /** Seconds more than with one cluster less; undefined for the first. */
  readonly added: number | undefined;
}

/** Into the first cluster, the first two, and so on. `timed` gives the seconds that this archive needed into these nodes. */
export async function loadingRows(
  archive: string,
  clusters: readonly Cluster[],
  timed: (archive: string, nodes: readonly string[]) => Promise<number>,
): Promise<readonly LoadRow[]> {
  const folder = temporaryFolder('bench');
  try {
    const rows: LoadRow[] = [];
    for (const [index] of clusters.entries()) {
      const nodes = clusters.slice(0, index + 1).flatMap(podNodesOf);
      const fresh = await another(archive, folder);
      const seconds = await timed(fresh, nodes);
      rmSync(fresh);
      const before = rows.at(-1)?.seconds;
      const added = before === undefined ? undefined : seconds - before;
      rows.push({ clusters: index + 1, nodes: nodes.length, seconds, added });
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A docker-archive with the files of this one and one more in each layer, so that it shares no layer with any image. */
async function another(archive: string, folder: string): Promise<string> {
  const id = randomUUID();
  const tree = join(folder, id);
  mkdirSync(tree);
  writeFileSync(join(folder, 'mark'), id);
  const { config, layers } = await savedImage(archive);
  await run(['tar', '-xf', archive, '-C', tree]);
  const digests: string[] = [];
  for (const [index, { path }] of layers.entries()) {
    const layer = join(tree, `${index}.tar`);
    // Layers may be compressed; what is not passes through.
    await shell(`gzip -dcf < '${join(tree, path)}' > '${layer}'`);
    await run(['tar', '-rf', layer, '-C', folder, `--transform=s/^mark$/charter-bench-${index}/`, 'mark']);
    digests.push(await digestOf(layer));
    renameSync(layer, join(tree, `${digests.at(-1)}.tar`));
  }
  const described = JSON.parse(readFileSync(join(tree, config.path), 'utf8')) as { rootfs: object };
  const diffIds = digests.map((digest) => `sha256:${digest}`);
  const text = JSON.stringify({ ...described, rootfs: { ...described.rootfs, diff_ids: diffIds } });
  const Config = `${createHash('sha256').update(text).digest('hex')}.json`;
  const Layers = digests.map((digest) => `${digest}.tar`);
  writeFileSync(join(tree, Config), text);
  const manifest = JSON.stringify([{ Config, RepoTags: [`charter-bench:${id}`], Layers }]);
  writeFileSync(join(tree, 'manifest.json'), manifest);
  const whole = join(folder, `${id}.tar`);
  await run(['tar', '-cf', whole, '-C', tree, 'manifest.json', Config, ...Layers]);
  rmSync(tree, { recursive: true });
  return whole;
}
