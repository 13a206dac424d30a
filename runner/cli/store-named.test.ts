// A store or a charter.yaml that somebody names is there, or the command says that it is not: nothing is kept where nobody looks.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runCharter } from '../../fixtures/testing/index.ts';
import { openJournal } from '../journal/index.ts';

vi.setConfig({ testTimeout: 120_000 });

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'charter-named-'));
});
afterEach(() => rmSync(home, { recursive: true }));

function journal(): string {
  const { path, append, close } = openJournal(join(home, 'run.jsonl'));
  const at = new Date().toISOString();
  append({ event: 'run-started', at, run: 'r', host: 'h', environment: 'e', properties: {} });
  close();
  return path;
}

const charter = (...args: string[]) => runCharter([...args, '--out', join(home, 'out')]);

test.for([
  [['store', 'migrate'], 'postgres://u:geheim@127.0.0.1:1/db'],
  [['runs'], 'postgresql:/u:geheim@127.0.0.1/db'],
  [['store', 'prune'], 'host=127.0.0.1 password=geheim'],
  [['store', 'prune'], 'u:geheim@127.0.0.1/db'],
] as const)('2: %j --store %s is a connection, which belongs into a file', async ([words, store]) => {
  const { code, stdout, stderr } = await charter(...words, '--store', store);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/--store .*\n {2}CHR_USAGE: .*file.*`postgres`/);
  expect(stderr).not.toContain('geheim');
  expect(readdirSync(home)).toEqual([]);
});

test.for([
  [
    ['store', 'migrate'],
    ['--store', 'nope'],
  ],
  [
    ['store', 'push'],
    ['--store', 'nope'],
  ],
  [
    ['store', 'prune'],
    ['--store', 'nope'],
  ],
  [
    ['store', 'push'],
    ['--config', 'nope'],
  ],
  [['runs'], ['--config', 'nope']],
  [['runs'], ['--store', 'nope']],
  [['flakes'], ['--store', 'nope']],
  [['cockpit'], ['--store', 'nope']],
] as const)('2: %j %j is not there', async ([words, [flag, name]]) => {
  const path = join(home, name);
  const what = words[1] === 'push' ? [journal()] : [];
  const { code, stdout, stderr } = await charter(...words, ...what, flag, path);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(path);
  expect(stderr).toMatch(/no such file/);
  expect([path, join(home, 'out')].filter(existsSync)).toEqual([]);
});

test('push says where it has brought a run', async () => {
  const folder = join(home, 'kept');
  mkdirSync(folder);
  const path = journal();
  const { code, stdout, stderr } = await charter('store', 'push', path, '--store', folder);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toBe(`${path}: run r, 0 cases, which has no end and shows as aborted; kept in ${folder}\n`);
});
