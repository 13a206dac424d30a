// Starts the worker of a round before the round is known: loading vitest takes longer than reading the charter.
import { type ChildProcess, spawn } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { channelFd } from './protocol.ts';

export interface WarmWorker {
  readonly child: ChildProcess;
  /** To the worker's end of the channel; closed when either of the two is gone. */
  readonly socket: Socket;
  /** Ends the process, if it has not ended. */
  readonly discard: () => void;
}

export function warmWorker(): WarmWorker {
  const cache = process.env.NODE_COMPILE_CACHE ?? getCompileCacheDir();
  const child = spawn(process.execPath, ['--no-warnings', join(import.meta.dirname, 'worker', 'entry.ts')], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    // As vitest's own processes have it.
    env: {
      ...process.env,
      ...{ TEST: 'true', VITEST: 'true' },
      ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: cache }),
    },
  });
  const socket = child.stdio[channelFd] as Socket;
  socket.on('error', () => socket.destroy());
  return {
    child,
    socket,
    discard: () => {
      // A worker that loses its supervisor ends itself, also one that nobody can kill any more.
      socket.destroy();
      child.kill('SIGKILL');
    },
  };
}
