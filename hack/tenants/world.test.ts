// The harness's module in the process that runs the campaign: it comes with the campaign files, and nothing of it is taken for a case's.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { runCharter } from '../../fixtures/testing/index.ts';
import { worldVariable } from '../../suites/tenants/world.ts';
import { projectRoot } from '../kind/paths.ts';
import { charter } from './charter.ts';

test('without a scene a case says so, and its file is sound', async () => {
  const home = mkdtempSync(join(tmpdir(), 'charter-tenants-world-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const config = join(home, 'charter.yaml');
  writeFileSync(config, stringify(charter));
  const suites = join(projectRoot, 'suites', 'tenants');
  const words = ['--config', config, '--suites', suites, '--out', join(home, 'out'), '--retry', '0'];
  const ran = await runCharter(['run', ...words, '--case', '1.1'], {
    env: { [worldVariable]: pathToFileURL(join(import.meta.dirname, 'world.ts')).href },
  });
  expect(ran.stdout).toContain('CHARTER_TENANTS_SCENE is not set');
  expect(ran.stdout).toContain('SUMMARY tests=1 pass=0 fail=0 err=1 skip=0');
}, 60_000);
