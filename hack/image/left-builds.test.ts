// What a sweep takes from Buildah's store, with a stand-in for Buildah.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { workFolder } from './images.ts';
import { removeLeftBuilds } from './left-builds.ts';

const standIn = `#!/bin/sh
shift 6
case "$*" in
  containers*) echo "$WORKING" ;;
  "rmi --prune") echo 0123456789abcdef ;;
  rm*) echo "$2" >> "$REMOVED" ;;
esac
`;

let folder: string;
let removed: string;
beforeEach(() => {
  mkdirSync(workFolder('store'), { recursive: true });
  folder = mkdtempSync(join(tmpdir(), 'charter-left-'));
  removed = join(folder, 'removed');
  writeFileSync(removed, '');
  writeFileSync(join(folder, 'buildah'), standIn);
  chmodSync(join(folder, 'buildah'), 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  vi.stubEnv('REMOVED', removed);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test('working containers of the dead go, and images whose name another has', async () => {
  const [living, dead] = [process.pid, spawnSync(process.execPath, ['-e', '']).pid];
  vi.stubEnv('WORKING', `charter-run-${living}-1\ncharter-run-${dead}-1\nworking-container`);
  expect(await removeLeftBuilds()).toEqual([
    `working container charter-run-${dead}-1`,
    'working container working-container',
    'image 0123456789ab without a name',
  ]);
  expect(readFileSync(removed, 'utf8')).toBe(`charter-run-${dead}-1\nworking-container\n`);
});
