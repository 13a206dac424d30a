// What the harness costs: the same 1, 20 and 100 files of trivial cases by charter, by plain vitest, and by pytest if it is there.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { best, ratio, table } from './measure.ts';

const root = resolve(import.meta.dirname, '..');
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const casesPerFile = 10;

interface Sample {
  readonly home: string;
  readonly remove: () => void;
}

function sample(files: number): Sample {
  const home = mkdtempSync(join(tmpdir(), 'charter-bench-'));
  for (const folder of ['charter', 'plain', 'py']) mkdirSync(join(home, folder));
  symlinkSync(join(root, 'node_modules'), join(home, 'node_modules'));
  for (let i = 0; i < files; i++) {
    const cases = Array.from({ length: casesPerFile }, (_, n) => n);
    const declared = cases.map((n) => `  c.case('${n}', 'case ${n}', () => expect(${n}).toBe(${n}));`).join('\n');
    writeFileSync(
      join(home, 'charter', `f${i}.campaign.ts`),
      `import { campaign, expect } from 'charter-runner';\ncampaign('F${i}', 'file ${i}', (c) => {\n${declared}\n});\n`,
    );
    const plain = cases.map((n) => `test('case ${n}', () => expect(${n}).toBe(${n}));`).join('\n');
    writeFileSync(join(home, 'plain', `f${i}.test.ts`), `import { expect, test } from 'vitest';\n${plain}\n`);
    const py = cases.map((n) => `def test_${n}():\n    assert ${n} == ${n}\n`).join('\n');
    writeFileSync(join(home, 'py', `test_f${i}.py`), py);
  }
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) };
}

function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): void {
  const { status, stderr } = spawnSync(command, args, { cwd, env: { ...process.env, ...env }, encoding: 'utf8' });
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
    const { home, remove } = sample(files);
    const config = join(root, 'fixtures/campaigns/charter.yaml');
    const charter = best(3, () =>
      run(process.execPath, ['--no-warnings', join(root, 'runner/cli/main.ts'), 'run', '--config', config, '--suites', join(home, 'charter'), '--out', join(home, 'out')], home, { CHARTER_EMBEDDED: 'true' }),
    );
    const plain = best(files === 100 ? 1 : 2, () => run(process.execPath, [vitest, 'run', '--dir', join(home, 'plain'), '--root', home, '--config', 'false'], home));
    const python = pytest ? best(3, () => run('python3', ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', join(home, 'py')], home)) : undefined;
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
  table('harness: charter beside plain vitest (defaults) and pytest', ['campaigns', 'charter', 'vitest', 'ratio', 'pytest', 'ratio'], rows);
}
