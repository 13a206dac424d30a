// `charter config` as a user runs it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const main = join(import.meta.dirname, 'charter.mjs');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'charter-config-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const targets = (url: string) =>
  [
    'targets:',
    ...['keycloak', 'opa', 'trino', 'policySync', 'cockpitBackend'].map(
      (name) => `  ${name}: { url: '${url}' }`,
    ),
  ].join('\n');

function charter(args: readonly string[], text: string) {
  const path = join(folder, 'charter.yaml');
  writeFileSync(path, text);
  const env = { PATH: process.env.PATH, AKKO_TEST_PASSWORD_ALICE: 'hunter2' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'config', ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const personas =
  'personas: [{ name: alice, username: alice }, { name: carol, username: carol }]\ncast: { admin: alice }';

test('a right file: targets, personas, and what it leaves open', () => {
  const { status, stdout, stderr } = charter(['check'], `${targets('http://trino:8080')}\n${personas}\n`);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^charter\.yaml: ok \([0-9a-f]{12}\)\n/);
  expect(stdout).toContain('  keycloak        http://trino:8080\n');
  expect(stdout).toContain('  alice           admin; password found\n');
  expect(stdout).toContain(
    '  carol           no part; skipped: no password for carol: AKKO_TEST_PASSWORD_CAROL is not set',
  );
  expect(stdout).toContain('\n  data.governed\n');
  expect(stdout).not.toContain('hunter2');
});

test('a wrong file: every problem on stderr, exit code 2, no stack trace', () => {
  const { status, stdout, stderr } = charter(
    ['check', '--config', 'charter.yaml'],
    `${targets('http://trino.example.com')}\nmods: {}\n`,
  );
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('charter.yaml: 6 problems');
  expect(stderr).toContain('did you mean: modes');
  expect(stderr).not.toMatch(/\n\s+at /);
});

test('loopback needs --embedded', () => {
  const text = `${targets('http://127.0.0.1:4000')}\n`;
  expect(charter(['check'], text).status).toBe(2);
  expect(charter(['check', '--embedded'], text).status).toBe(0);
});

test('a case that no campaign has is a mistake, unless campaigns of your own are meant', () => {
  const text = `${targets('http://trino:8080')}\nexpectedSkips: [{ case: '13.99', reason: x }]\n`;
  const { status, stderr } = charter(['check'], text);
  expect([status, stderr]).toEqual([2, expect.stringContaining('a case of C-13, 13.1 to 13.9')]);
  expect(charter(['check', '--suites', 'mine'], text).status).toBe(0);
});

test('an absent file is named', () => {
  const { status, stderr } = charter(['check', '--config', 'nope.yaml'], '');
  expect(status).toBe(2);
  expect(stderr).toContain('nope.yaml could not be read: no such file');
  expect(stderr).toContain('CHR_CONFIG_UNREADABLE');
});

test('the schema is JSON', () => {
  const { status, stdout } = charter(['schema'], '');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ title: 'charter.yaml', required: ['targets'] });
});
