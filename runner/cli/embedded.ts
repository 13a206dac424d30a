// Starts the reference platform as a process of its own for a run, and stops it with the run, however that ends.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CharterError } from '../errors/index.ts';

export interface EmbeddedPlatform {
  /** The ready charter.yaml. */
  readonly config: string;
  readonly stop: () => void;
}

const startMs = 20_000;

/** The platform ends when its stdin closes, so it cannot outlive a run that is killed. */
export async function startEmbedded(faults: readonly string[]): Promise<EmbeddedPlatform> {
  const folder = mkdtempSync(join(tmpdir(), 'charter-platform-'));
  const config = join(folder, 'charter.yaml');
  const main = join(import.meta.dirname, 'charter.mjs');
  const args = [
    'platform',
    '--until-stdin-closes',
    '--secrets-dir',
    join(folder, 'secrets'),
    '--config-out',
    config,
    ...faults.flatMap((fault) => ['--fault', fault]),
  ];
  const child = spawn(process.execPath, ['--no-warnings', main, ...args], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-2_000);
  });
  const stop = () => {
    child.stdin.end();
    child.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  };
  const exited = new Promise<'exited'>((resolve) => child.once('exit', () => resolve('exited')));
  const start = performance.now();
  while (!existsSync(config)) {
    const tick = new Promise<'tick'>((resolve) => setTimeout(() => resolve('tick'), 10));
    if ((await Promise.race([exited, tick])) === 'exited' || performance.now() - start > startMs) {
      stop();
      throw new CharterError('CHR_USAGE', `the embedded platform did not start: ${errors.trim()}`, {
        hint: 'It is part of a checkout; an image carries it only as a target of its own.',
      });
    }
  }
  return { config, stop };
}
