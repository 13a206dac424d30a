// Files and environment → Config.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CharterError } from '../errors/index.ts';
import { absentKeys, type Config, type Environment, fromWire, loadConfig, missingKey } from './index.ts';
import { sampleWith, sampleYaml } from './testdata/sample.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'charter-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const mount = () => join(folder, 'secret');

function write(content: string | Uint8Array): string {
  const path = join(folder, 'charter.yaml');
  writeFileSync(path, content);
  return path;
}

/** The sample, with its Secret mounted in this test's folder. */
function withSecret(files: Readonly<Record<string, string>>, text = sampleYaml, optional = 'true'): string {
  mkdirSync(mount());
  for (const [name, content] of Object.entries(files)) writeFileSync(join(mount(), name), content);
  return write(`${text}personaSecret: { directory: '${mount()}', optional: ${optional} }\n`);
}

async function failure(path: string, env: Environment = {}): Promise<CharterError> {
  const outcome = await loadConfig({ path, env }).catch((error: unknown) => error);
  if (outcome instanceof CharterError) return outcome;
  throw new Error(`expected a CharterError, got ${inspect(outcome)}`);
}

const load = (path: string, env: Environment = {}): Promise<Config> => loadConfig({ path, env });

describe('a file that cannot be read', () => {
  test.each<[string, () => string, string]>([
    ['absent', () => join(folder, 'nope.yaml'), 'no such file'],
    ['a folder', () => folder, 'it is a folder'],
    ['below a file', () => join(write('a: 1'), 'x.yaml'), 'a part of the path is not a folder'],
    ['links in a circle', circle, 'its symbolic links lead in a circle'],
    ['a path with NUL', () => 'a\u0000b', 'ERR_INVALID_ARG_VALUE'],
  ])('%s', async (_name, path, reason) => {
    const error = await failure(path());
    expect(error.code).toBe('CHR_CONFIG_UNREADABLE');
    expect(error.message).toContain(reason);
  });

  function circle(): string {
    symlinkSync(join(folder, 'b'), join(folder, 'a'));
    symlinkSync(join(folder, 'a'), join(folder, 'b'));
    return join(folder, 'a');
  }
});

describe('bytes that are no charter.yaml', () => {
  test.each<[string, string | Uint8Array, string]>([
    ['more than 1 MiB', `${sampleYaml}#${'x'.repeat(1024 * 1024)}`, 'more than 1 MiB'],
    ['a binary file', Uint8Array.of(0x61, 0x0a, 0x00, 0x01), 'a binary file (byte 0x00)'],
    ['UTF-16', Buffer.from('\ufefftargets: {}', 'utf16le'), 'UTF-16 text'],
    ['Latin-1', Buffer.from('environment: caf\u00e9\n', 'latin1'), 'bytes that are not UTF-8'],
    ['nothing', '', 'an empty file'],
  ])('%s', async (_name, content, got) => {
    const error = await failure(write(content));
    expect(error.code).toBe('CHR_CONFIG_INVALID');
    expect(error.message).toContain(got);
  });

  test('the line of the first wrong byte is named', async () => {
    expect((await failure(write(Uint8Array.of(0x61, 0x0a, 0x0a, 0x01)))).message).toContain('line 3');
    expect(
      (await failure(write(Buffer.from('a: 1\nb: \u20ac\nc: \u00ff'.replace('\u20ac', ''), 'latin1'))))
        .message,
    ).toContain('line 3');
  });

  test('an endless file is not read to its end', async () => {
    expect((await failure('/dev/zero')).message).toContain('more than 1 MiB');
  });

  test('a byte order mark is no fault', async () => {
    expect((await load(write(`\ufeff${sampleYaml}`))).data.environment).toBe('staging');
  });
});

describe('a password', () => {
  const passwordOf = (config: Config, name: string) => config.persona(name)?.password?.reveal();

  test.each([
    ['pa ss', 'pa ss'],
    ['pass\n', 'pass'],
    ['pass\r\n', 'pass'],
    ['pass\n\n', 'pass\n'],
    [' pass ', ' pass '],
    ['p\u00e4ss\u{1f511}', 'p\u00e4ss\u{1f511}'],
  ])('%j in its file is %j', async (content, password) => {
    expect(passwordOf(await load(withSecret({ AKKO_TEST_PASSWORD_ALICE: content })), 'alice')).toBe(password);
  });

  test('is found through the links that Kubernetes makes', async () => {
    const path = withSecret({});
    mkdirSync(join(mount(), '..2026_01_01'));
    writeFileSync(join(mount(), '..2026_01_01', 'AKKO_TEST_PASSWORD_ALICE'), 'linked');
    symlinkSync('..2026_01_01', join(mount(), '..data'));
    symlinkSync(join('..data', 'AKKO_TEST_PASSWORD_ALICE'), join(mount(), 'AKKO_TEST_PASSWORD_ALICE'));
    expect(passwordOf(await load(path), 'alice')).toBe('linked');
  });

  test('comes from the environment where the Secret has none; the Secret goes first', async () => {
    const path = withSecret({ AKKO_TEST_PASSWORD_ALICE: 'file' });
    const config = await load(path, { AKKO_TEST_PASSWORD_ALICE: 'env', AKKO_TEST_PASSWORD_CAROL: 'env' });
    expect([passwordOf(config, 'alice'), passwordOf(config, 'carol')]).toEqual(['file', 'env']);
  });

  test('has the key that passwordKey names, or the variable of the persona', async () => {
    const text = sampleWith('    username: carol', '    username: carol\n    passwordKey: carol.pw');
    expect(passwordOf(await load(withSecret({ 'carol.pw': 'file' }, text)), 'carol')).toBe('file');
    expect(passwordOf(await load(write(text), { AKKO_TEST_PASSWORD_CAROL: 'env' }), 'carol')).toBe('env');
  });

  test('client secrets are found the same way', async () => {
    const config = await load(withSecret({ CHARTER_CLIENT_SECRET: 'one' }), {
      CHARTER_SHORT_CLIENT_SECRET: 'two',
    });
    expect([config.clientSecret?.reveal(), config.shortLivedClientSecret?.reveal()]).toEqual(['one', 'two']);
  });

  test('a relative folder starts at charter.yaml', async () => {
    withSecret({ AKKO_TEST_PASSWORD_ALICE: 'here' });
    expect(
      passwordOf(await load(write(`${sampleYaml}personaSecret: { directory: secret }\n`)), 'alice'),
    ).toBe('here');
  });
});

describe('a missing password', () => {
  const reason = async (path: string) => {
    const config = await load(path);
    const alice = config.persona('alice');
    return alice === undefined || alice.password !== undefined ? 'found' : config.missingPassword(alice);
  };

  test('the reason names the variable, the Secret and where it was looked for', async () => {
    expect(await reason(withSecret({}))).toBe(
      `no password for alice: AKKO_TEST_PASSWORD_ALICE is not set and Secret akko-test-passwords at ${mount()} has no key AKKO_TEST_PASSWORD_ALICE`,
    );
  });

  test('an empty file is no password', async () => {
    expect(await reason(withSecret({ AKKO_TEST_PASSWORD_ALICE: '\n' }))).toContain('is empty');
  });

  test('a Secret that is not mounted is named as such', async () => {
    expect(await reason(write(`${sampleYaml}personaSecret: { directory: ${mount()} }\n`))).toContain(
      `is not mounted at ${mount()}`,
    );
  });

  test('a key that is a folder cannot be read', async () => {
    const path = withSecret({});
    mkdirSync(join(mount(), 'AKKO_TEST_PASSWORD_ALICE'));
    expect(await reason(path)).toContain('cannot be read (EISDIR)');
  });

  test('with personaSecret.optional false the error names the Secret and every missing key', async () => {
    const error = await failure(
      withSecret({ AKKO_TEST_PASSWORD_ALICE: 'x', CHARTER_CLIENT_SECRET: 'y' }, sampleYaml, 'false'),
    );
    expect(error.code).toBe('CHR_PERSONA_SECRET_MISSING');
    expect(error.message.split('\n')).toEqual([
      `Secret akko-test-passwords at ${mount()} lacks these keys:`,
      '  AKKO_TEST_PASSWORD_CAROL',
      '  CHARTER_SHORT_CLIENT_SECRET',
    ]);
  });

  test('… and when nothing is mounted at all', async () => {
    const path = write(`${sampleYaml}personaSecret: { name: pw, directory: ${mount()}, optional: false }\n`);
    const { message } = await failure(path);
    expect(message.split('\n')[0]).toBe(
      `Secret pw is not mounted at ${mount()}, and personaSecret.optional is false. Missing keys:`,
    );
    expect(message.split('\n')).toHaveLength(5);
  });
});

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
