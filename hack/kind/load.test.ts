// Loading with a stand-in for docker, whose nodes are folders: what is imported, and what is left as it is.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { run } from './command.ts';
import { load, loadAhead } from './load.ts';

/** `docker exec [-i] NODE …`: shells of a node see its folder as /kind, its runtime remembers what was imported last. */
const standIn = `#!/bin/bash
[ "$1" = exec ] && shift; [ "$1" = -i ] && shift
node=$NODES/$1; shift
[ -d "$node" ] || exit 1
case "$*" in
  'ctr '*import*) tar -xO word > "$node/image" && echo "$(basename "$node") $(cat "$node/image")" >> "$NODES/imports" ;;
  'ctr '*) ;;
  'sh -c '*)
    crictl() { [ -e "$node/image" ]; }
    eval "\${3//\\/kind/$node}" ;;
  *) exit 2 ;;
esac
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'charter-load-'));
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin', 'docker'), standIn);
  chmodSync(join(folder, 'bin', 'docker'), 0o755);
  writeFileSync(join(folder, 'imports'), '');
  vi.stubEnv('PATH', `${join(folder, 'bin')}:${process.env.PATH}`);
  vi.stubEnv('NODES', folder);
  node('one');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const node = (name: string) => mkdirSync(join(folder, name));
const imports = () => readFileSync(join(folder, 'imports'), 'utf8').split('\n').filter(Boolean).toSorted();

/** A new build of the one image: its archive is written over the last one. */
async function build(word: string): Promise<string> {
  const tree = join(folder, 'tree');
  mkdirSync(tree, { recursive: true });
  writeFileSync(join(tree, 'word'), word);
  writeFileSync(join(tree, 'manifest.json'), JSON.stringify([{ RepoTags: ['app:e2e'] }]));
  const archive = join(folder, 'app.tar');
  await run(['tar', '-C', tree, '-cf', archive, 'word', 'manifest.json']);
  return archive;
}

test('an archive goes into the nodes that do not hold it', async () => {
  await load([await build('A')], ['one']);
  node('two');
  await load([await build('A')], ['one', 'two']);
  expect(imports()).toEqual(['one A', 'two A']);
});

test('a build that comes back after another one is loaded again, for the tag has moved', async () => {
  for (const word of ['A', 'B', 'A']) await load([await build(word)], ['one']);
  expect(imports()).toEqual(['one A', 'one A', 'one B']);
});

test('an image that the kubelet has removed is loaded again', async () => {
  await load([await build('A')], ['one']);
  rmSync(join(folder, 'one', 'image'));
  await load([await build('A')], ['one']);
  expect(imports()).toEqual(['one A', 'one A']);
});

test('the head start waits for nodes that come, and ends with their making', async () => {
  const archive = await build('A');
  const made = Promise.withResolvers<void>();
  const ahead = loadAhead([archive], ['one', 'two'], made.promise);
  node('two');
  await ahead;
  expect(imports()).toEqual(['one A', 'two A']);

  const never = loadAhead([archive], ['three'], Promise.reject(new Error('could not be made')));
  await expect(never).resolves.toBeUndefined();
});
