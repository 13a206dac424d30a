// Runs checks in a vitest of their own. Green is only what ran: to vitest a run whose tests were all left out by name has succeeded.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../kind/paths.ts';
import { temporaryFolder } from '../kind/temporary.ts';

export interface ChecksWish {
  /** Path of vitest's configuration. */
  readonly config: string;
  /** For vitest: names of files, `-t lock`. */
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where what vitest prints goes. */
  readonly output?: 'inherit' | 'ignore';
}

/** The exit code of vitest; 1 also where no check has passed. */
export async function runChecks({ config, words, ...rest }: ChecksWish): Promise<number> {
  const folder = temporaryFolder('checks');
  const report = join(folder, 'report.json');
  try {
    const code = await vitest(['run', '--config', config, ...reporters(report), ...words], rest);
    if (code !== 0 || passedIn(report) > 0) return code;
    process.stderr.write(`no check ran: none is named so (${words.join(' ')}), or its file was left out\n`);
    process.stderr.write('  fix: name the file (hack/e2e/checks/11-), or all of them: CHARTER_E2E=all\n');
    return 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const reporters = (report: string): readonly string[] => [
  ...['--reporter=verbose', '--reporter=json', `--outputFile.json=${report}`],
];

function vitest(
  words: readonly string[],
  { env, output = 'inherit' }: Pick<ChecksWish, 'env' | 'output'>,
): Promise<number> {
  const main = join(projectRoot, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(process.execPath, [main, ...words], {
    cwd: projectRoot,
    stdio: ['ignore', output, output],
    env: { ...process.env, ...env },
  });
  return new Promise((resolve) => child.once('exit', (exit) => resolve(exit ?? 1)));
}

function passedIn(report: string): number {
  if (!existsSync(report)) return 0;
  return (JSON.parse(readFileSync(report, 'utf8')) as { readonly numPassedTests: number }).numPassedTests;
}
