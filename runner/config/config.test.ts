// What a Config is once it is loaded: frozen, silent about secrets, the same in every process.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { absentKeys, type Config, type Environment, fromWire, loadConfig, missingKey } from './index.ts';
import { sampleWith, sampleYaml } from './testdata/sample.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'charter-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const mount = () => join(folder, 'secret');

function write(content: string): string {
  const path = join(folder, 'charter.yaml');
  writeFileSync(path, content);
  return path;
}

/** The sample, with its Secret mounted in this test's folder. */
function withSecret(files: Readonly<Record<string, string>>, text = sampleYaml): string {
  mkdirSync(mount());
  for (const [name, content] of Object.entries(files)) writeFileSync(join(mount(), name), content);
  return write(`${text}personaSecret: { directory: '${mount()}' }\n`);
}

const load = (path: string, env: Environment = {}): Promise<Config> => loadConfig({ path, env });

describe('the Config', () => {
  const secrets = { AKKO_TEST_PASSWORD_ALICE: 'hunter2-alice', CHARTER_CLIENT_SECRET: 'hunter2-client' };

  test('is frozen at every depth', async () => {
    const config = await load(write(sampleYaml));
    const unfrozen: string[] = [];
    const visit = (value: unknown, path: string): void => {
      if (value === null || typeof value !== 'object') return;
      if (!Object.isFrozen(value)) unfrozen.push(path);
      for (const [key, child] of Object.entries(value)) visit(child, `${path}.${key}`);
    };
    visit(config, 'config');
    expect(unfrozen).toEqual([]);
  });

  test('shows no secret, however it is printed', async () => {
    const config = await load(withSecret(secrets));
    const alice = config.persona('alice');
    const printed = [
      JSON.stringify(config),
      inspect(config, { depth: 9, showHidden: true }),
      `${alice?.password}`,
      String(config.clientSecret),
      inspect(alice),
      JSON.stringify(alice),
    ];
    for (const text of printed) expect(text).toContain('[secret]');
    expect(printed.join()).not.toContain('hunter2');
    expect(config.allSecrets().toSorted()).toEqual(['hunter2-alice', 'hunter2-client']);
  });

  test('is the same after it was sent to a child process', async () => {
    const config = await load(withSecret(secrets));
    const received = fromWire(JSON.parse(JSON.stringify(config.toWire())));
    expect(received.toWire()).toEqual(config.toWire());
    expect(received.hash).toBe(config.hash);
    expect(received.persona('alice')?.password?.reveal()).toBe('hunter2-alice');
    expect(received.clientSecret?.reveal()).toBe('hunter2-client');
    expect(received.part('analyst')).toEqual(config.persona('carol'));
    expect(received.missingPassword({ name: 'carol' })).toContain('AKKO_TEST_PASSWORD_CAROL');
  });

  test('its hash follows the settings, not their order and not the secrets', async () => {
    const [first, ...rest] = sampleYaml.split(/^(?=environment|targets)/m);
    const one = await load(write(sampleYaml));
    const reordered = await load(write(`${rest.join('')}${first}`), { AKKO_TEST_PASSWORD_ALICE: 'x' });
    const other = await load(write(sampleWith('environment: staging', 'environment: test')));
    expect(one.hash).toMatch(/^[0-9a-f]{12}$/);
    expect(reordered.hash).toBe(one.hash);
    expect(other.hash).not.toBe(one.hash);
  });

  test('the command line may lay a retry over the file', async () => {
    expect(
      (await loadConfig({ path: write(sampleYaml), env: {}, overrides: { retry: 2 } })).data.execution.retry,
    ).toBe(2);
  });
});

describe('a key that a case needs', () => {
  test.each([
    ['data.governed.filterColumn', undefined],
    ['data.governed', undefined],
    ['cast.admin', undefined],
    ['modes.allowWrites', undefined],
    ['cast.viewer', 'cast.viewer'],
    ['data.denied', 'data.denied'],
    ['data.denied.table', 'data.denied.table'],
    ['data.deniedCatalogs', 'data.deniedCatalogs'],
    ['outside.nonce', 'outside.nonce'],
  ])('%s: missing %s', async (key, missing) => {
    expect(missingKey(await load(write(sampleYaml)), key)).toBe(missing);
  });

  test.each([
    'data.govenred',
    'data.governed.filtercolumn',
    '',
    'data.governed.filterColumn.x',
    'constructor',
  ])('%j cannot be configured, so it is an error of the campaign and no skip', async (key) => {
    const config = await load(write(sampleYaml));
    expect(() => missingKey(config, key)).toThrow(expect.objectContaining({ code: 'CHR_CAMPAIGN_INVALID' }));
  });

  test('what the file leaves open is listed by its outermost keys', async () => {
    const absent = absentKeys(await load(write(sampleYaml)));
    expect(absent).toEqual(expect.arrayContaining(['data.denied', 'outside', 'cast.viewer']));
    expect(absent).not.toContain('data.denied.table');
    expect(absent).not.toContain('data.governed');
  });

  test('values of the row filter that are left open are listed: 15.1 and 15.6 are skipped for them', async () => {
    const open = await load(write(sampleWith('filterValues: [EU]', 'filterValues: []')));
    expect(absentKeys(open)).toContain('data.governed.filterValues');
    expect(absentKeys(await load(write(sampleYaml)))).not.toContain('data.governed.filterValues');
  });
});

test('the front door loads neither zod nor yaml; only loading a file does', () => {
  const door = pathToFileURL(join(import.meta.dirname, 'index.ts')).href;
  const program = `
    const { registerHooks } = await import('node:module');
    const loaded = [];
    registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
    const { parseConfig } = await import(${JSON.stringify(door)});
    const packages = () => ['zod', 'yaml'].filter((name) => loaded.some((url) => url.includes('/node_modules/' + name + '/')));
    const before = packages();
    await parseConfig('charter.yaml', '', { env: {} }).catch(() => {});
    console.log(JSON.stringify([before, packages()]));`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  expect(JSON.parse(output)).toEqual([[], ['zod', 'yaml']]);
});
