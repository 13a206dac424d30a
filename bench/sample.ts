// Campaign folders of any size, made for a measurement and removed after it.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '..');
export const main = join(root, 'runner/cli/charter.mjs');
export const vitest = join(root, 'node_modules/vitest/vitest.mjs');

export interface Sample {
  readonly home: string;
  /** Arguments of `charter` that run the sample. */
  readonly charter: readonly string[];
  readonly remove: () => void;
}

/** The same cases three times: as campaign files, as plain vitest files, as pytest files. */
export function sample(files: number, casesPerFile: number): Sample {
  const home = mkdtempSync(join(tmpdir(), 'charter-bench-'));
  for (const folder of ['charter', 'plain', 'py']) mkdirSync(join(home, folder));
  symlinkSync(join(root, 'node_modules'), join(home, 'node_modules'));
  const each = `for (let n = 0; n < ${casesPerFile}; n++)`;
  for (let i = 0; i < files; i++) {
    writeFileSync(
      join(home, 'charter', `f${i}.campaign.ts`),
      `import { campaign, expect } from 'charter-runner';\ncampaign('F${i}', 'file ${i}', (c) => {\n  ${each} c.case(String(n), 'case', () => expect(n).toBe(n));\n});\n`,
    );
    writeFileSync(
      join(home, 'plain', `f${i}.test.ts`),
      `import { expect, test } from 'vitest';\n${each} test('case ' + n, () => expect(n).toBe(n));\n`,
    );
    const py = Array.from({ length: casesPerFile }, (_, n) => `def test_${n}():\n    assert ${n} == ${n}\n`);
    writeFileSync(join(home, 'py', `test_f${i}.py`), py.join('\n'));
  }
  // Budgets as they are by default: those of the test fixture are too short for 100,000 cases that begin at once.
  const config = join(home, 'charter.yaml');
  const fixture = readFileSync(join(root, 'fixtures/campaigns/charter.yaml'), 'utf8');
  writeFileSync(config, fixture.replace(/^budgets:.*$/m, ''));
  return {
    home,
    charter: ['run', '--config', config, '--suites', join(home, 'charter'), '--out', join(home, 'out')],
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}
