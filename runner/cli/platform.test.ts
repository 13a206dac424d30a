// `charter platform` as a process: what it prints, how it ends, what it refuses.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configSchema } from '../config/schema.ts';

const main = join(import.meta.dirname, 'charter.mjs');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'charter-cli-platform-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function charterPlatform(...args: string[]) {
  const child = spawn(process.execPath, ['--no-warnings', main, 'platform', ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output, errors }));
  const printed = new Promise<string>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.includes('expectedSkips:')) resolve(output);
    });
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  // A start that fails ends the wait too.
  return {
    child,
    ended,
    printed: () => Promise.race([printed, ended.then((end) => Promise.reject(new Error(end.errors)))]),
  };
}

describe('charter platform --only opa', () => {
  it('prints a valid charter.yaml, answers, and ends at SIGTERM with code 0 leaving no secrets', async () => {
    const platform = charterPlatform('--only', 'opa', '--trino-url', 'http://akko-akko-trino:8080');
    const config = configSchema.parse(parse(await platform.printed()));
    expect(config.targets.trino.url).toBe('http://akko-akko-trino:8080');
    expect((await fetch(`${config.targets.opa.url}/health`)).status).toBe(200);
    expect(readdirSync(config.personaSecret.directory)).toContain('AKKO_TEST_PASSWORD_ALICE');
    platform.child.kill('SIGTERM');
    expect((await platform.ended).code).toBe(0);
    expect(() => readdirSync(config.personaSecret.directory)).toThrow('ENOENT');
  });

  it('starts with faults on, and listens where it is told', async () => {
    const platform = charterPlatform(
      '--only',
      'opa',
      '--port',
      '0',
      '--host',
      '127.0.0.1',
      '--fault',
      'opa-health-500',
      'opa-always-true',
    );
    const { url } = configSchema.parse(parse(await platform.printed())).targets.opa;
    expect((await fetch(`${url}/health`)).status).toBe(500);
    platform.child.kill('SIGINT');
    expect((await platform.ended).code).toBe(0);
  });
});

it('--until-stdin-closes --config-out --secrets-dir: writes the files, prints nothing, ends with its parent', async () => {
  const configOut = join(folder, 'charter.yaml');
  const secrets = join(folder, 'secrets');
  const platform = charterPlatform(
    '--only',
    'keycloak',
    '--until-stdin-closes',
    '--config-out',
    configOut,
    '--secrets-dir',
    secrets,
  );
  await expect.poll(() => readdirSync(folder), { timeout: 10_000, interval: 20 }).toContain('charter.yaml');
  const config = configSchema.parse(parse(readFileSync(configOut, 'utf8')));
  expect(config.personaSecret.directory).toBe(secrets);
  expect((await fetch(`${config.targets.keycloak.url}/realms/akko`)).status).toBe(200);
  platform.child.stdin.end();
  expect(await platform.ended).toEqual({ code: 0, output: '', errors: '' });
  expect(readdirSync(secrets)).toContain('CHARTER_CLIENT_SECRET');
});

it.each([
  ['an unknown target', ['--only', 'mysql']],
  ['an unknown fault', ['--only', 'opa', '--fault', 'opa-on-fire']],
  ['a port for five targets', ['--port', '8080']],
  ['a port that is none', ['--only', 'opa', '--port', '70000']],
])('%s ends with code 2 and a hint, without a stack trace', async (_, args) => {
  const end = await charterPlatform(...args).ended;
  expect(end.code).toBe(2);
  expect(end.errors).not.toBe('');
  expect(end.errors).not.toMatch(/^\s+at /m);
});
