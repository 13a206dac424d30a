// Starts the worker of a round before the round is known: loading vitest takes longer than reading the charter.
import { type ChildProcess, spawn } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { channelFd } from './protocol.ts';

export interface WarmWorker {
  readonly child: ChildProcess;
  /** To the worker's end of the channel; closed when either of the two is gone. */
  readonly socket: Socket;
  /** Why there is no process. */
  readonly failure: () => Error | undefined;
  /** Ends the process, if it has not ended. */
  readonly discard: () => void;
}

let ahead: WarmWorker | undefined;

/** For who will ask soon, or never: it does not keep its supervisor from ending. */
export function startAhead(): void {
  ahead = start();
  for (const one of handlesOf(ahead)) one.unref();
}

/** The one that was started ahead, if nobody has it. */
export function warmWorker(): WarmWorker {
  const worker = ahead ?? start();
  ahead = undefined;
  for (const one of handlesOf(worker)) one.ref();
  return worker;
}

function handlesOf({ child, socket }: WarmWorker): readonly (ChildProcess | Socket)[] {
  return [child, socket, ...printedBy(child)];
}

/** None where the process could not be started. */
function printedBy({ stdout, stderr }: ChildProcess): readonly Socket[] {
  return [stdout, stderr].filter((stream) => stream instanceof Socket);
}

function start(): WarmWorker {
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
  let failure: Error | undefined;
  child.on('error', (error) => {
    failure = error;
  });
  // Node gives no streams where the machine has no file descriptor left.
  const socket = (child.stdio?.[channelFd] as Socket | undefined) ?? new Socket().destroy();
  socket.on('error', () => socket.destroy());
  return {
    ...{ child, socket, failure: () => failure },
    discard: () => {
      // A worker that loses its supervisor ends itself, also one that nobody can kill any more.
      socket.destroy();
      child.kill('SIGKILL');
      // What a campaign has started may hold their other ends for as long as it lives.
      for (const stream of printedBy(child)) stream.destroy();
    },
  };
}
