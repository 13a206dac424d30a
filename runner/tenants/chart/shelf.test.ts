import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { shelf } from './shelf.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenant-shelf-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

test('archives that nobody has asked for longest leave when there is no room, those in use never', async () => {
  let now = 0;
  const archives = shelf({ folder, most: 25, monotonicMs: () => now });
  for (const one of ['a', 'b', 'c']) await archives.put(digest(one), Buffer.from(one.repeat(10)));
  expect(readdirSync(folder), 'all of them in use').toHaveLength(3);
  now = 60_000;
  expect(readFileSync(archives.find(digest('a')) ?? '', 'utf8')).toBe('a'.repeat(10));
  await archives.put(digest('d'), Buffer.from('d'.repeat(10)));
  const there = ['a', 'b', 'c', 'd'].filter((one) => archives.find(digest(one)) !== undefined);
  expect(there).toEqual(['a', 'd']);
  expect(readdirSync(folder)).toHaveLength(2);
});

test('what could not be written leaves nothing, and an archive that somebody removed is not there', async () => {
  const archives = shelf({ folder, most: 25, monotonicMs: () => 0 });
  mkdirSync(join(folder, `sha256-${'a'.repeat(64)}.tgz`, 'in-the-way'), { recursive: true });
  await expect(archives.put(digest('a'), Buffer.from('a'))).rejects.toThrow();
  expect(readdirSync(folder)).toHaveLength(1);
  expect(archives.find(digest('a'))).toBeUndefined();
  rmSync(await archives.put(digest('b'), Buffer.from('b')));
  expect(archives.find(digest('b'))).toBeUndefined();
});
