import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { collectInto, sourceOf, usedSince } from './collect.ts';
import type { CollectEdges } from './collect-ask.ts';
import { keeper, limits, masker } from './collect-keep.ts';
import { declaredClusters } from './declaration.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'charter-collect-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const home = { name: 'home', kubeconfig: '/nowhere', nodes: ['node-a', 'node-b'] };

const pods = (words: readonly string[]) =>
  words.includes('pods') && words.some((word) => word.startsWith('jsonpath'));
const journals = (words: readonly string[]) => words.some((word) => word.startsWith('ls -t'));

/** A cluster with this many Pods, the first of them restarted, and twelve journals on each node; all that can be long is `text`. */
const clusterOf = (count: number, text: string): CollectEdges => ({
  ask: async (words) => {
    if (pods(words))
      return Array.from({ length: count }, (_, index) => `akko pod-${index} ${index === 0 ? 2 : 0} \n`).join(
        '',
      );
    if (journals(words))
      return Array.from({ length: 12 }, (_, index) => `/var/${words[2]}-${index}.jsonl\n`).join('');
    return text;
  },
  now: () => 0,
});

const sizes = () => readdirSync(folder).map((name) => statSync(join(folder, name)).size);

test('the folder stays under 20 MB and each file under 512 KiB, in bytes, and the end of a long text is what is kept', async () => {
  // Three bytes for each letter: counted in letters it would be three times as big.
  await collectInto(folder, [home], [], clusterOf(60, `${'€'.repeat(300_000)}the end`));
  expect(sizes().length).toBeGreaterThan(30);
  expect(Math.max(...sizes())).toBeLessThanOrEqual(limits.file);
  expect(sizes().reduce((sum, size) => sum + size, 0)).toBeLessThan(20_000_000);
  const log = readFileSync(join(folder, 'home-events.txt'), 'utf8');
  expect(log).toMatch(/^\.\.\. \d+ bytes and more left out\n/);
  expect(log.endsWith('the end')).toBe(true);
});

test('where every command hangs, the last of them ends within 30 s', async () => {
  let now = 0;
  let latest = 0;
  const hanging: CollectEdges = {
    now: () => now,
    ask: async (words, timeoutMs) => {
      const end = now + timeoutMs;
      latest = Math.max(latest, end);
      // What was asked side by side passes side by side.
      await new Promise((resolve) => setImmediate(resolve));
      now = Math.max(now, end);
      return clusterOf(60, 'hung').ask(words, timeoutMs);
    },
  };
  await collectInto(folder, [home], [], hanging);
  expect(latest).toBeLessThanOrEqual(30_000);
  expect(sizes().length).toBeGreaterThan(60);
});

test('who looks finds the journals, the versions, and what a container said before it was restarted', async () => {
  await collectInto(folder, [home], [], clusterOf(2, 'x'));
  expect(readdirSync(folder)).toEqual(
    expect.arrayContaining([
      ...[
        'host.txt',
        'home-version.txt',
        'home-nodes.txt',
        'home-describe.txt',
        'home-objects.txt',
        'home-events.txt',
      ],
      ...['home-log-akko-pod-0.txt', 'home-log-akko-pod-0-previous.txt', 'home-log-akko-pod-1.txt'],
      ...['journal-node-a-11.jsonl', 'journal-node-b-11.jsonl'],
      ...[
        'node-node-a-log.txt',
        'node-node-a-services.txt',
        'node-node-a-rules.txt',
        'node-node-b-services.txt',
      ],
    ]),
  );
  expect(readdirSync(folder)).not.toContain('home-log-akko-pod-1-previous.txt');
  const host = readFileSync(join(folder, 'host.txt'), 'utf8');
  for (const what of ['node --version', 'kind version', 'helm version', 'docker version', 'git -C'])
    expect(host).toContain(what);
});

test('what a node said stands there also when it has gone meanwhile', async () => {
  keeper(folder, [])('node-node-a-log.txt', 'why');
  await collectInto(folder, [home], [], clusterOf(0, 'No such container'));
  expect(readFileSync(join(folder, 'node-node-a-log.txt'), 'utf8')).toBe('why');
});

test('all who write into one folder share its room', () => {
  const keepers = Array.from({ length: 60 }, () => keeper(folder, []));
  for (const [index, keep] of keepers.entries()) keep(`${index}.txt`, 'x'.repeat(limits.file));
  expect(sizes().reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(limits.all);
  expect(sizes().length).toBeGreaterThan(30);
});

test('no file of the folder holds a secret', async () => {
  await collectInto(folder, [home], ['s3cret-pass'], clusterOf(2, 'said s3cret-pass twice: s3cret-pass'));
  for (const name of readdirSync(folder))
    expect(readFileSync(join(folder, name), 'utf8'), name).not.toContain('s3cret-pass');
});

test('secrets, tokens and keys do not reach a folder that people pass on', () => {
  const mask = masker(['s3cret-pass']);
  const base64 = Buffer.from('s3cret-pass').toString('base64');
  const text = `pw s3cret-pass and ${base64}, eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2lnbmF0dXJl, token: abc123 "client-key-data": "QUJD"`;
  const masked = mask(text);
  for (const secret of ['s3cret-pass', base64, 'c2lnbmF0dXJl', 'abc123', 'QUJD'])
    expect(masked).not.toContain(secret);
  expect(masked).toContain('pw <masked> and <masked>');
});

test.each([
  [
    'postgres://nightly:runs-4712@db.akko.svc:5432/postgres',
    'postgres://nightly:<masked>@db.akko.svc:5432/postgres',
  ],
  ['"postgresql://:p@ss-4712@db/x"', '"postgresql://:<masked>@db/x"'],
  ['> Authorization: Basic aWQ6czNjcmV0', '> Authorization: Basic <masked>'],
  [`headers: { authorization: 'Bearer abc.def' }`, `headers: { authorization: 'Bearer <masked>' }`],
  ['"Authorization":["Basic aWQ6czNjcmV0"]', '"Authorization":["Basic <masked>"]'],
])('a password in %s is no more to be read', (text, masked) => {
  expect(masker([])(text)).toBe(masked);
});

test.each([
  'Pod akko/x is Running',
  'http://akko-trino:8080/v1/info, mail me@example.org',
  'docker://localhost:5000/app@sha256:0a1b',
  'Basic authentication was tried',
])('what is no secret stays as it is: %s', (text) => {
  expect(masker([])(text)).toBe(text);
});

test('the clusters of a run are those that it brought up or found', () => {
  const file = (name: string, mtime: number) => {
    writeFileSync(join(folder, `${name}.kubeconfig`), '');
    utimesSync(join(folder, `${name}.kubeconfig`), mtime, mtime);
  };
  file('home', 1_000);
  file('remote-a', 900);
  const declared = declaredClusters().map((cluster) => sourceOf(cluster, folder));
  const nodes = ['charter-home-control-plane', 'charter-home-worker'];
  const home = { name: 'home', kubeconfig: join(folder, 'home.kubeconfig'), nodes };
  expect(usedSince(1_000_000, declared)).toEqual([home]);
  file('remote-b', 1_001);
  expect(usedSince(1_000_000, declared).map(({ name }) => name)).toEqual(['home', 'remote-b']);
});
