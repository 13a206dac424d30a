// Chart archives on disk: each there as a whole or not at all, and those that nobody has asked for longest leave when there is no room.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Shelf {
  /** Path of the archive with this digest (`sha256:…`), where it is on the shelf. */
  readonly find: (digest: string) => string | undefined;
  readonly put: (digest: string, content: Buffer) => Promise<string>;
}

export interface ShelfOptions {
  readonly folder: string;
  /** Bytes. More lie there only while all of them are in use. */
  readonly most: number;
  readonly monotonicMs: () => number;
}

/** Between being told where an archive is, and having read it. */
const inUseMs = 60_000;

export function shelf({ folder, most, monotonicMs }: ShelfOptions): Shelf {
  /** By path, in the order of use. */
  const archives = new Map<string, { readonly bytes: number; readonly usedMs: number }>();
  const pathOf = (digest: string) => join(folder, `${digest.replace(':', '-')}.tgz`);

  function use(path: string, bytes: number): string {
    archives.delete(path);
    archives.set(path, { bytes, usedMs: monotonicMs() });
    return path;
  }

  async function makeRoom(): Promise<void> {
    let total = [...archives.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    for (const [path, { bytes, usedMs }] of archives) {
      if (total <= most || monotonicMs() - usedMs < inUseMs) return;
      archives.delete(path);
      total -= bytes;
      await rm(path, { force: true });
    }
  }

  return {
    find: (digest) => {
      const path = pathOf(digest);
      const known = archives.get(path);
      return known !== undefined && existsSync(path) ? use(path, known.bytes) : undefined;
    },
    put: async (digest, content) => {
      const path = pathOf(digest);
      // Of its own: two repositories may bring the same archive at the same moment.
      const unfinished = `${path}.${randomUUID()}`;
      await mkdir(folder, { recursive: true });
      try {
        await writeFile(unfinished, content);
        await rename(unfinished, path);
      } catch (error) {
        await rm(unfinished, { force: true });
        throw error;
      }
      use(path, content.length);
      await makeRoom();
      return path;
    },
  };
}
