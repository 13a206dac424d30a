// A real vitest over two small files, as `make e2e-kind` runs it over the checks.
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../kind/paths.ts';
import { runChecks } from './run-checks.ts';

let folder: string;
let config: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'charter-checks-'));
  config = join(folder, 'vitest.config.mjs');
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  const options = `root: ${JSON.stringify(folder)}, include: ['*.e2e.ts'], reporters: ['verbose']`;
  writeFileSync(config, `export default { test: { ${options} } };\n`);
  const file = (name: string, body: string) =>
    writeFileSync(join(folder, `${name}.e2e.ts`), `import { expect, test } from 'vitest';\n${body}\n`);
  file('01-green', "test('the lock is held', () => expect(1).toBe(1));");
  file('02-red', "test('shards are merged', () => expect(1).toBe(2));");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['a name that some check has', ['-t', 'lock'], 0],
  ['a name that only a red check has', ['-t', 'shards'], 1],
  ['a name that no check has', ['-t', 'lokc'], 1],
])('%s', { timeout: 60_000 }, async (_, words, code) => {
  expect(await runChecks({ config, words, output: 'ignore' })).toBe(code);
});
