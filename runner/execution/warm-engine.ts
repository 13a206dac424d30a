// Starts the vitest process of a round before the round is known: loading it and its worker takes longer than reading the charter.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface WarmEngine {
  readonly child: ChildProcess;
  /** Hands over each connection of a worker, also one that came before. */
  readonly onWorker: (listener: (socket: Socket) => void) => void;
  /** Ends its processes, if they have not ended, and removes what it had. */
  readonly discard: () => void;
}

export function warmEngine(): WarmEngine {
  const folder = mkdtempSync(join(tmpdir(), 'charter-'));
  const sockets: Socket[] = [];
  let take: ((socket: Socket) => void) | undefined;
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => socket.destroy());
    take?.(socket);
  }).listen(join(folder, 'round.sock'));
  const cache = process.env.NODE_COMPILE_CACHE ?? getCompileCacheDir();
  const child = spawn(process.execPath, ['--no-warnings', join(import.meta.dirname, 'engine.ts'), folder], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: cache }) },
  });
  return {
    child,
    onWorker: (listener) => {
      take = listener;
      for (const socket of sockets) listener(socket);
    },
    discard: () => {
      server.close();
      // A worker that loses its supervisor ends itself.
      for (const socket of sockets) socket.destroy();
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
