// Images written by hand as docker-archives: what is told of them, and which differences are seen.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { run } from '../kind/command.ts';
import { contentsAbove, differences } from './contents.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'charter-contents-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

type Layer = (root: string) => void;

const base: Layer = (root) => writeFileSync(join(root, 'node'), 'of the base');
const code: Layer = (root) => {
  mkdirSync(join(root, 'app'));
  writeFileSync(join(root, 'app', 'main.ts'), 'run()');
};

let made = 0;
/** A layer is called by the text of what makes it, which is its diffId too. */
async function archiveOf(layers: readonly Layer[], config: object = { User: '65532:65532' }) {
  made += 1;
  const tree = join(folder, `archive-${made}`);
  mkdirSync(tree);
  for (const [i, layer] of layers.entries()) {
    const root = join(tree, `${i}`);
    mkdirSync(root);
    layer(root);
    await run(['tar', '-C', root, '-cf', `${root}.tar`, '.']);
  }
  const diffIds = layers.map((layer) => layer.toString());
  writeFileSync(join(tree, 'config.json'), JSON.stringify({ config, rootfs: { diff_ids: diffIds } }));
  const Layers = layers.map((_, i) => `${i}.tar`);
  writeFileSync(
    join(tree, 'manifest.json'),
    JSON.stringify([{ Config: 'config.json', RepoTags: null, Layers }]),
  );
  await run(['tar', '-C', tree, '-cf', `${tree}.tar`, 'manifest.json', 'config.json', ...Layers]);
  return `${tree}.tar`;
}

async function contents(above: readonly Layer[], config?: object) {
  const archives = { image: await archiveOf([base, ...above], config), base: await archiveOf([base]) };
  return contentsAbove(archives, join(folder, `files-${made}`));
}

test('the same files in one layer and in two are the same, and the base is not looked through', async () => {
  const more: Layer = (root) => writeFileSync(join(root, 'more'), '');
  const one = await contents([
    (root) => {
      code(root);
      more(root);
    },
  ]);
  expect(differences({ one, two: await contents([code, more]) })).toEqual([]);
  expect([...one.keys()]).toEqual(expect.arrayContaining(['/app', '/app/main.ts', '/more', 'User']));
  expect([...one.keys()]).not.toContain('/node');
});

const main = (root: string) => join(root, 'app', 'main.ts');
test.each<[string, string, Layer]>([
  ['a file more', '/app/more.ts', (root) => writeFileSync(join(root, 'app', 'more.ts'), '')],
  ['a file less', '/app/main.ts', (root) => rmSync(main(root))],
  ['another content', '/app/main.ts', (root) => writeFileSync(main(root), 'run(1)')],
  ['another mode', '/app/main.ts', (root) => chmodSync(main(root), 0o600)],
  ['another mode of a folder', '/app', (root) => chmodSync(join(root, 'app'), 0o700)],
  [
    'a link in its place',
    '/app/main.ts',
    (root) => {
      rmSync(main(root));
      symlinkSync('run()', main(root));
    },
  ],
])('%s is seen', async (_, path, change) => {
  const changed: Layer = (root) => {
    code(root);
    change(root);
  };
  const found = differences({ one: await contents([code]), other: await contents([changed]) });
  expect(found.map((line) => line.replace(/: .*/, ''))).toEqual([path]);
});

test('another owner is seen', () => {
  const of = (owner: string) => new Map([['/app', `40755 ${owner}`]]);
  expect(differences({ one: of('0:0'), other: of('1000:0') })).toEqual([
    '/app: one 40755 0:0, other 40755 1000:0',
  ]);
});

test('another setting is seen, and one that is null or absent is the same', async () => {
  const one = await contents([code], { User: '65532:65532', Cmd: null });
  const other = await contents([code], { User: '0:0' });
  expect(differences({ one, other })).toEqual(['User: one "65532:65532", other "0:0"']);
});

test('an image on another base is refused', async () => {
  const image = await archiveOf([code]);
  const below = await archiveOf([base]);
  await expect(contentsAbove({ image, base: below }, join(folder, 'files'))).rejects.toThrow(
    'does not sit on',
  );
});
