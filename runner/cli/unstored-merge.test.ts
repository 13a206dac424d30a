// A store that is required and away costs the first shard its exit code, and nobody the report of the whole Job.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { runCharter } from '../../fixtures/testing/index.ts';

vi.setConfig({ testTimeout: 120_000 });

const campaigns = resolve(import.meta.dirname, '../../fixtures/campaigns');

test('5: the merged report is written and told all the same', async () => {
  const home = mkdtempSync(join(tmpdir(), 'charter-unstored-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const out = join(home, 'out');
  const config = join(home, 'charter.yaml');
  const store = 'store: { mode: postgres, connectionFile: gone, required: true, finishMs: 300 }\n';
  writeFileSync(config, `${readFileSync(join(campaigns, 'charter.yaml'), 'utf8')}${store}`);
  const where = ['--config', config, '--suites', join(campaigns, 'known-verdicts'), '--out', out];
  const env = { CHARTER_EMBEDDED: 'true', CHARTER_JOB_UID: 'uid-1', CHARTER_JOB_NAME: 'nightly-1' };
  const { code, stdout, stderr } = await runCharter(['run', ...where, '--shard', '1/1', '--merge'], { env });
  expect(code, stderr).toBe(5);
  expect(stderr).toContain('CHR_STORE');
  expect(readdirSync(out).filter((name) => name.includes('merged'))).toEqual([
    'charter-nightly-1-merged.ctrf.json',
    'charter-nightly-1-merged.jsonl',
    'charter-nightly-1-merged.xml',
  ]);
  expect(stdout).toMatch(
    /\nreport: \S+\.xml\n[\s\S]*merged: \S+-merged\.xml\n[\s\S]*SUMMARY tests=60 pass=15 fail=15 err=15 skip=15\n$/,
  );
});
