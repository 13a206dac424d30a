// A retry decides the verdict, and hides nothing: the first attempt stands in every report.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readLeftBehind, runCharter } from '../../fixtures/testing/index.ts';

const campaigns = resolve(import.meta.dirname, '../../fixtures/campaigns');

async function run(retry: number) {
  const home = mkdtempSync(join(tmpdir(), 'charter-flaky-'));
  const config = join(home, 'charter.yaml');
  writeFileSync(
    config,
    readFileSync(join(campaigns, 'charter.yaml'), 'utf8').replace('retry: 0', `retry: ${retry}`),
  );
  const out = join(home, 'out');
  const args = ['run', '--config', config, '--suites', join(campaigns, 'flaky'), '--out', out];
  const ended = await runCharter(args, { env: { CHARTER_EMBEDDED: 'true', CHARTER_TEST_MARKS: home } });
  const left = readLeftBehind(out);
  const ctrf = JSON.parse(
    readFileSync(join(out, left.files.find((file) => file.endsWith('.ctrf.json')) ?? ''), 'utf8'),
  ) as {
    results: { tests: { name: string; status: string; flaky?: boolean; retries?: number }[] };
  };
  return { ...ended, ...left, ctrf: ctrf.results.tests };
}

test('passed on retry is passed and flaky, in the terminal, in JUnit and in CTRF', async () => {
  const { stdout, junit, ctrf, code } = await run(1);
  expect(code).toBe(1);
  expect(stdout).toMatch(/flaky: .*F flaky fails once: failed, then passed/);
  expect(stdout).toMatch(/SUMMARY tests=3 pass=2 fail=1 err=0 skip=0\n$/);
  expect(junit.match(/<flakyFailure/g)).toHaveLength(1);
  expect(
    ctrf.filter(({ flaky }) => flaky === true).map(({ name, status, retries }) => [name, status, retries]),
  ).toEqual([['flaky fails once', 'passed', 1]]);
});

test('a case that may run only once keeps its first verdict', async () => {
  const { state } = await run(1);
  expect(state.cases.get('F/once')?.attempts).toHaveLength(1);
});

test('without retries the first attempt is the verdict', async () => {
  const { stdout, junit } = await run(0);
  expect(stdout).toMatch(/SUMMARY tests=3 pass=1 fail=2 err=0 skip=0\n$/);
  expect(junit).not.toContain('flakyFailure');
});
