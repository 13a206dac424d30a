// Child processes of a test that die with it, whatever happens to it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';

export interface Running {
  readonly process: ChildProcess;
  /** The last lines of its standard error. */
  readonly said: () => string;
  /** Sends the signal and waits for the end. */
  readonly end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>;
}

/** On Linux the kernel kills it when the test process is gone, even by SIGKILL. */
const leash = onPath('setpriv') ? ['setpriv', '--pdeathsig', 'KILL', '--'] : [];

export function begin(command: readonly string[]): Running {
  const [program = '', ...rest] = [...leash, ...command];
  const process = spawn(program, rest, { stdio: ['ignore', 'ignore', 'pipe'] });
  let text = '';
  process.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-4_000);
  });
  const ended = once(process, 'exit');
  return {
    process,
    said: () => text,
    end: async (signal) => {
      if (process.exitCode !== null || process.signalCode !== null) return;
      process.kill(signal);
      await ended;
    },
  };
}

function onPath(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** A port of the loopback address that nobody listened on just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
