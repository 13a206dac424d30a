// How long until the first thing: help, first case result, each beside what it cannot be quicker than.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { best, ratio, table } from './measure.ts';
import { main, sample, vitest } from './sample.ts';

const env = { ...process.env, CHARTER_EMBEDDED: 'true' };

/** Milliseconds until the process prints something that matches. */
function until(args: readonly string[], cwd: string, seen: RegExp): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, args, { cwd, env });
    let text = '';
    let at = 0;
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (at === 0 && seen.test(text)) at = performance.now() - start;
    });
    child.once('close', () =>
      at > 0 ? resolve(at) : reject(new Error(`${seen} was never printed: ${text}`)),
    );
  });
}

async function shortest(args: readonly string[], cwd: string, seen: RegExp): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) least = Math.min(least, await until(args, cwd, seen));
  return least;
}

export async function benchStart(): Promise<void> {
  const { home, charter, remove } = sample(1, 10);
  const node = best(5, () => void spawnSync(process.execPath, ['-e', '0']));
  const help = best(5, () => void spawnSync(process.execPath, ['--no-warnings', main, '--help']));
  const first = await shortest(['--no-warnings', main, ...charter], home, /^pass /m);
  const plain = await shortest(
    [
      vitest,
      'run',
      '--root',
      home,
      '--dir',
      join(home, 'plain'),

      '--reporter',
      'verbose',
    ],
    home,
    /case 0/,
  );
  table(
    'start',
    ['what', 'time', 'beside', 'time', 'ratio'],
    [
      ['charter --help', `${help.toFixed(0)} ms`, 'node -e 0', `${node.toFixed(0)} ms`, ratio(help, node)],
      [
        'first case result',
        `${first.toFixed(0)} ms`,
        'vitest (defaults)',
        `${plain.toFixed(0)} ms`,
        ratio(first, plain),
      ],
    ],
  );
  remove();
}
