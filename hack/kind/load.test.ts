// Loading with a stand-in for docker, whose nodes are folders: what is imported, and what is left as it is.
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { run } from './command.ts';
import { load, loadAhead } from './load.ts';

/**
 * `docker exec [-i] NODE …`: a node is a folder that remembers the blobs it was given and which image has the tag. It refuses an image
 * whose layers it does not have, as a runtime does.
 */
const standIn = `#!${process.execPath}
const { execFileSync } = require('node:child_process');
const { appendFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const [name, ...words] = process.argv.slice(2).filter((word) => word !== 'exec' && word !== '-i');
const node = join(process.env.NODES, name);
if (!existsSync(node)) process.exit(1);
const text = (file) => (existsSync(join(node, file)) ? readFileSync(join(node, file), 'utf8') : '');
const command = words.join(' ');
if (command.startsWith('crictl')) {
  process.stdout.write(text('image'));
  process.exit(text('image') === '' ? 1 : 0);
}
if (command.includes('content ls')) process.stdout.write(text('blobs'));
if (!command.includes('images import')) process.exit(0);
const given = mkdtempSync(join(node, 'given-'));
execFileSync('tar', ['-x', '-C', given], { input: readFileSync(0) });
const json = (path) => JSON.parse(readFileSync(join(given, path), 'utf8'));
const hexOf = (digest) => digest.slice('sha256:'.length);
const isWhole = existsSync(join(given, 'manifest.json'));
const blobs = isWhole ? given : join(given, 'blobs', 'sha256');
const digestOf = (file) => 'sha256:' + file.split('.')[0];
const blob = (of) => readFileSync(join(blobs, isWhole ? hexOf(of) + '.tar' : hexOf(of)), 'utf8');
const described = () => {
  if (!isWhole) return json('blobs/sha256/' + hexOf(json('index.json').manifests[0].digest));
  const [{ Config, Layers }] = json('manifest.json');
  return { config: { digest: digestOf(Config) }, layers: Layers.map((path) => ({ digest: digestOf(path) })) };
};
const { config, layers } = described();
const sent = readdirSync(blobs).map(digestOf);
if (layers.some((layer) => !sent.includes(layer.digest) && !text('blobs').includes(layer.digest))) process.exit(1);
appendFileSync(join(node, 'blobs'), sent.map((one) => one + '\\n').join(''));
writeFileSync(join(node, 'image'), config.digest);
const sentLayers = layers.filter((layer) => sent.includes(layer.digest));
appendFileSync(join(process.env.NODES, 'imports'), name + ' ' + sentLayers.map((layer) => blob(layer.digest)).join('+') + '\\n');
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

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** A new build of the one image: its archive is written over the last one. Its layers are these words. */
async function build(...words: readonly string[]): Promise<string> {
  const tree = join(folder, 'tree');
  mkdirSync(tree, { recursive: true });
  const config = JSON.stringify({ rootfs: { diff_ids: words.map((word) => `sha256:${digestOf(word)}`) } });
  const Layers = words.map((word) => `${digestOf(word)}.tar`);
  const Config = `${digestOf(config)}.json`;
  for (const word of words) writeFileSync(join(tree, `${digestOf(word)}.tar`), word);
  writeFileSync(join(tree, Config), config);
  writeFileSync(join(tree, 'manifest.json'), JSON.stringify([{ RepoTags: ['app:e2e'], Config, Layers }]));
  const archive = join(folder, 'app.tar');
  await run(['tar', '-C', tree, '-cf', archive, 'manifest.json', Config, ...new Set(Layers)]);
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
  expect(imports()).toEqual(['one ', 'one A', 'one B']);
});

test('of a build on the same base only what is above it is sent', async () => {
  await load([await build('base', 'A')], ['one']);
  await load([await build('base', 'B')], ['one']);
  expect(imports()).toEqual(['one B', 'one base+A']);
});

test('a layer that an image has twice is sent once', async () => {
  await load([await build('base', 'A', 'base')], ['one']);
  expect(imports()).toEqual(['one base+A+base']);
  await load([await build('base', 'B', 'C', 'B')], ['one']);
  expect(imports()).toEqual(['one B+C+B', 'one base+A+base']);
});

test('an image that the kubelet has removed is loaded again, with its layers', async () => {
  await load([await build('A')], ['one']);
  for (const file of ['image', 'blobs']) rmSync(join(folder, 'one', file));
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
