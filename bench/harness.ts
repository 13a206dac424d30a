// What the harness costs: the same 1, 20 and 100 files of trivial cases by charter, by plain vitest, and by pytest if it is there.
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { best, ratio, table } from './measure.ts';
import { main, sample, vitest } from './sample.ts';

const casesPerFile = 10;

function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): void {
  const { status, stderr } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`);
}

function hasPytest(): boolean {
  try {
    execFileSync('python3', ['-m', 'pytest', '--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export function benchHarness(): void {
  const rows: string[][] = [];
  const pytest = hasPytest();
  for (const files of [1, 20, 100]) {
    const { home, charter: args, remove } = sample(files, casesPerFile);
    const charter = best(3, () =>
      run(process.execPath, ['--no-warnings', main, ...args], home, { CHARTER_EMBEDDED: 'true' }),
    );
    const plain = best(files === 100 ? 1 : 2, () =>
      run(process.execPath, [vitest, 'run', '--dir', join(home, 'plain'), '--root', home], home),
    );
    const python = pytest
      ? best(3, () =>
          run('python3', ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', join(home, 'py')], home),
        )
      : undefined;
    rows.push([
      `${files} files x ${casesPerFile}`,
      `${charter.toFixed(0)} ms`,
      `${plain.toFixed(0)} ms`,
      ratio(charter, plain),
      python === undefined ? 'not installed' : `${python.toFixed(0)} ms`,
      python === undefined ? '' : ratio(charter, python),
    ]);
    remove();
  }
  table(
    'harness: charter beside plain vitest (defaults) and pytest',
    ['campaigns', 'charter', 'vitest', 'ratio', 'pytest', 'ratio'],
    rows,
  );
}
