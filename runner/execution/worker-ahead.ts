// A pool of vitest with one worker, whose process runs already: vitest's own forks it last, after all it loads itself.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { PoolRunnerInitializer, PoolWorker } from 'vitest/node';

const name = 'charter';
/** A worker that heeds no SIGTERM is killed after so many milliseconds. */
const graceMs = 1_000;

export function forkWorker(): ChildProcess {
  return fork(join(import.meta.dirname, 'worker', 'entry.ts'), [], {
    // As vitest's own pool of forks does.
    env: { ...process.env, TEST: 'true', VITEST: 'true' },
    execArgv: ['--no-warnings', '--experimental-import-meta-resolve'],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

export function poolOf(child: ChildProcess): PoolRunnerInitializer {
  const worker: PoolWorker = {
    name,
    on: (event, listener) => child.on(event, listener),
    off: (event, listener) => child.off(event, listener),
    send: (message) => child.send(message),
    deserialize: (data) => data,
    start: async () => {},
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      const kill = setTimeout(() => child.kill('SIGKILL'), graceMs);
      child.kill();
      await gone;
      clearTimeout(kill);
    },
  };
  return { name, createPoolWorker: () => worker };
}
