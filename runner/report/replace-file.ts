// Puts a new file in the place of an old one, so that whoever looks at any moment finds one of the two, whole.
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CharterError, wordsOf } from '../errors/index.ts';

/** `page cache` outlives the process, `disk` outlives the machine. */
export type Depth = 'page cache' | 'disk';

/** Throws CharterError CHR_REPORT_UNWRITABLE; the old file then stands as it was, and nothing lies beside it. */
export function replaceFile(path: string, pieces: Iterable<string>, depth: Depth): void {
  try {
    replace(path, pieces, depth);
  } catch (cause) {
    const why = wordsOf(cause);
    throw new CharterError('CHR_REPORT_UNWRITABLE', `The report ${path} could not be written: ${why}`, {
      cause,
    });
  }
}

/** UTF-16 units per write: a write per case would cost more than rendering it. */
const batch = 262_144;

function replace(path: string, pieces: Iterable<string>, depth: Depth): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true });
  const draft = join(folder, `.${basename(path)}.tmp`);
  try {
    const fd = openSync(draft, 'w', 0o644);
    try {
      let held = '';
      for (const piece of pieces) {
        held += piece;
        if (held.length < batch) continue;
        writeAll(fd, held);
        held = '';
      }
      writeAll(fd, held);
      if (depth === 'disk') fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  if (depth === 'disk') syncFolder(folder);
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  while (written < bytes.length) written += writeSync(fd, bytes, written);
}

/** Makes the rename itself durable. Some file systems refuse to sync a folder, and then there is nothing more to do. */
function syncFolder(folder: string): void {
  try {
    const fd = openSync(folder, 'r');
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    // The file is whole either way.
  }
}
