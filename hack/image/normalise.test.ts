import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { normalise } from './normalise.ts';

test('umask, clock and git leave no trace', () => {
  const folder = mkdtempSync(join(tmpdir(), 'charter-normalise-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'deep'), { mode: 0o700 });
  for (const [name, mode] of [
    ['deep/plain', 0o600],
    ['shared', 0o664],
    ['program', 0o700],
  ] as const) {
    writeFileSync(join(folder, name), '');
    chmodSync(join(folder, name), mode);
  }
  symlinkSync('/nowhere', join(folder, 'dangling'));

  normalise(folder);

  const seen = ['.', 'deep', 'deep/plain', 'shared', 'program'].map((name) => {
    const { mode, mtimeMs } = statSync(join(folder, name));
    return [name, (mode & 0o7777).toString(8), mtimeMs];
  });
  expect(seen).toEqual([
    ['.', '755', 0],
    ['deep', '755', 0],
    ['deep/plain', '644', 0],
    ['shared', '644', 0],
    ['program', '755', 0],
  ]);
});
