// Temp folders that name their maker, so that what a killed one left can be told from what is in use.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { textOf } from './host.ts';
import { isLivingHarness } from './processes.ts';

const prefix = 'charter-kind-';
/** The process id stands in the name. A purpose may hold numbers too: a cluster may be called `remote-1`. */
export const temporaryPattern = /^charter-kind-.+-(\d+)-[^-]+$/;

export interface TemporaryFolder {
  readonly path: string;
  readonly purpose: string;
  readonly maker: 'living' | 'dead';
}

/** Undefined where the last part of the path is not the name of such a folder. */
export function temporaryFolderAt(path: string): TemporaryFolder | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const pid = temporaryPattern.exec(name)?.[1];
  if (pid === undefined) return undefined;
  const purpose = name.slice(prefix.length, name.lastIndexOf(`-${pid}-`));
  return { path, purpose, maker: isLivingHarness(pid) ? 'living' : 'dead' };
}

/** Of all harnesses of this machine. */
export function temporaryFolders(): readonly TemporaryFolder[] {
  return readdirSync(tmpdir()).flatMap((name) => temporaryFolderAt(join(tmpdir(), name)) ?? []);
}

/** Those that dead makers left for the same purpose go: a sweep would take what is made now for theirs. */
export function temporaryFolder(purpose: string): string {
  for (const folder of temporaryFolders())
    if (folder.purpose === purpose && folder.maker === 'dead') removeTree(folder.path);
  return mkdtempSync(join(tmpdir(), `${prefix}${purpose}-${process.pid}-`));
}

/** What a killed command left mounted in it goes first: the files of that are not ours. */
export function removeTree(path: string): void {
  if (!existsSync(path)) return;
  for (const at of mountsBelow(realpathSync(path), textOf('/proc/self/mounts')))
    execFileSync('umount', ['--lazy', at]);
  rmSync(path, { recursive: true, force: true });
}

/** The innermost first. `mounts`: as /proc/self/mounts has them. */
export function mountsBelow(path: string, mounts: string): readonly string[] {
  const points = mounts.split('\n').map((line) => line.split(' ')[1] ?? '');
  return points.filter((point) => point.startsWith(`${path}/`)).toReversed();
}
