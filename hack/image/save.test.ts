// An archive and what tells of it, where its writing ends well and where it does not.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { saveWhole } from './save.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'charter-save-'));
  for (const name of ['image.tar', 'record']) writeFileSync(join(folder, name), 'old');
});
afterEach(() => rmSync(folder, { recursive: true }));

const save = (end: () => void) =>
  saveWhole(
    {
      save: async (_, archive) => {
        writeFileSync(archive, 'new');
        end();
      },
    },
    'image',
    join(folder, 'image.tar'),
    join(folder, 'record'),
  );

test('a new archive has no record of the one before', async () => {
  await save(() => {});
  expect(readdirSync(folder)).toEqual(['image.tar']);
  expect(readFileSync(join(folder, 'image.tar'), 'utf8')).toBe('new');
});

test('a writing that is cut off leaves the archive and its record as they were, and a half that names its process', async () => {
  await expect(save(() => expect.fail('cut off'))).rejects.toThrow('cut off');
  expect(readdirSync(folder).toSorted()).toEqual(['image.tar', `image.tar.${process.pid}`, 'record']);
  expect(readFileSync(join(folder, 'image.tar'), 'utf8')).toBe('old');
});
