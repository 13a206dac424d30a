// The benchmark of loading, with an image of two small layers and nodes that only remember what they were given.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SavedImage, savedImage } from '../hack/image/archive.ts';
import { run, shell } from '../hack/kind/command.ts';
import { declaredClusters } from '../hack/kind/declaration.ts';
import { loadingRows } from './loading.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'charter-loading-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A docker-archive as the builders write it; its second layer is compressed. */
async function imageOf(...words: readonly string[]): Promise<string> {
  const tree = join(folder, 'tree');
  mkdirSync(tree);
  for (const word of words) {
    writeFileSync(join(tree, word), word);
    await run(['tar', '-cf', join(tree, `${word}.tar`), '-C', tree, word]);
  }
  await shell(`gzip -c '${tree}/two.tar' > '${tree}/two.gz' && mv '${tree}/two.gz' '${tree}/two.tar'`);
  const Layers = words.map((word) => `${word}.tar`);
  const config = JSON.stringify({
    ...{ os: 'linux', config: { User: '65532' } },
    rootfs: { type: 'layers', diff_ids: words.map((word) => `sha256:${word}`) },
  });
  const Config = `${'0'.repeat(64)}.json`;
  writeFileSync(join(tree, Config), config);
  writeFileSync(join(tree, 'manifest.json'), JSON.stringify([{ Config, RepoTags: ['base:1'], Layers }]));
  const archive = join(folder, 'base.tar');
  await run(['tar', '-C', tree, '-cf', archive, 'manifest.json', Config, ...Layers]);
  return archive;
}

/** All that names its bytes. */
const digestsOf = ({ names, config, layers }: SavedImage): readonly string[] => [
  ...[...names, config.digest],
  ...layers.map(({ diffId }) => diffId),
];

test('each round loads an image that no node holds, into the nodes of one cluster more', async () => {
  const archive = await imageOf('one', 'two');
  const held = new Set(digestsOf(await savedImage(archive)));
  const given: (readonly string[])[] = [];
  const times = [10, 12, 12.5];
  const rows = await loadingRows(archive, declaredClusters(), async (fresh, nodes) => {
    const digests = digestsOf(await savedImage(fresh));
    expect(digests).toHaveLength(4);
    for (const digest of digests) {
      expect(held).not.toContain(digest);
      held.add(digest);
    }
    given.push(nodes);
    return times[given.length - 1] ?? 0;
  });
  const nodes = ['charter-home-worker', 'charter-remote-a-control-plane', 'charter-remote-b-control-plane'];
  expect(given).toEqual([nodes.slice(0, 1), nodes.slice(0, 2), nodes]);
  expect(rows).toEqual([
    { clusters: 1, nodes: 1, seconds: 10, added: undefined },
    { clusters: 2, nodes: 2, seconds: 12, added: 2 },
    { clusters: 3, nodes: 3, seconds: 12.5, added: 0.5 },
  ]);
});

test('the image of a round is whole: its digests are true, and it has the files of the one it is made from', async () => {
  const archive = await imageOf('one', 'two');
  let loaded = '';
  await loadingRows(archive, declaredClusters(['home']), async (fresh) => {
    loaded = fresh;
    const { config, layers } = await savedImage(fresh);
    const sum = (path: string) => shell(`tar -xOf '${fresh}' '${path}' | sha256sum | cut -d' ' -f1`);
    for (const { path, diffId } of layers) expect(`sha256:${await sum(path)}`).toBe(diffId);
    const text = await run(['tar', '-xOf', fresh, config.path]);
    expect(config.digest).toBe(`sha256:${createHash('sha256').update(text).digest('hex')}`);
    expect(JSON.parse(text)).toMatchObject({ config: { User: '65532' }, rootfs: { type: 'layers' } });
    const files = (path: string) => shell(`tar -xOf '${fresh}' '${path}' | tar -t`);
    expect(await Promise.all(layers.map(({ path }) => files(path)))).toEqual([
      'one\ncharter-bench-0',
      'two\ncharter-bench-1',
    ]);
    return 1;
  });
  expect(existsSync(loaded)).toBe(false);
});
