// One run per host and output folder, or one per shard of it. The lock is a listening socket, so the kernel frees it however its holder dies.
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CharterError } from '../errors/index.ts';

export interface RunLock {
  readonly release: () => Promise<void>;
}

/** Throws CHR_RUN_LOCKED naming the holder. `folder` must exist; `holder` is what a refused run is told; `part` is a shard's own. */
export async function acquireLock(folder: string, holder: string, part = ''): Promise<RunLock> {
  const name = lockName(folder, part);
  const server = createServer((socket) => socket.end(holder));
  try {
    await listen(server, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const by = (await lockHolder(folder, part)) ?? 'its holder does not say who it is';
    throw new CharterError('CHR_RUN_LOCKED', `another run writes to ${folder}: ${by}`);
  }
  server.unref();
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** Linux has names that vanish with their socket; elsewhere a file in the temp folder stands in. */
function lockName(folder: string, part: string): string {
  const place = `${realpathSync(folder)}${part === '' ? '' : `\0${part}`}`;
  const digest = createHash('sha256').update(place).digest('hex').slice(0, 24);
  return process.platform === 'linux'
    ? `\0charter-run-${digest}`
    : join(tmpdir(), `charter-run-${digest}.sock`);
}

function listen(server: Server, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(name, () => resolve());
  });
}

/** What the holder says of itself; undefined where nobody of this host and network namespace holds the lock, or it does not answer. */
export function lockHolder(folder: string, part = ''): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = '';
    const socket = createConnection(lockName(folder, part));
    socket.setTimeout(1_000, () => socket.destroy());
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text === '' ? undefined : text));
  });
}
