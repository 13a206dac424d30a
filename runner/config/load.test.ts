// Files and environment → Config.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CharterError } from '../errors/index.ts';
import { type Config, type Environment, loadConfig, loadWhereabouts } from './index.ts';
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

describe('where a run belongs', () => {
  const belongs = async (text: string) => (await loadWhereabouts(write(text)))?.environment;

  test.for([
    ['a file that is right', sampleYaml],
    ['a target outside the cluster', sampleYaml.replace(/url: \S+/, 'url: "https://example.com"')],
    ['an unknown key', `${sampleYaml}nonsense: 1\n`],
    ['a password elsewhere', `${sampleYaml}password: hunter2\n`],
    ['a key with a slip', sampleWith('environment: staging', 'enviroment: staging')],
    ['a key in capitals', sampleWith('environment: staging', 'Environment: staging')],
    ['a key beside another with a slip', `${sampleYaml}enviroment: other\n`],
  ] as const)('is read from %s', async ([, text]) => {
    expect(await belongs(text)).toBe('staging');
  });

  test.for([
    ['without a name', '', 'default'],
    ['without a name, with a slip elsewhere', 'personnas: []', 'default'],
    ['whose name is a number', 'environment: 3.10', '3.10'],
    ['whose name stands under another key', 'env: staging', 'unknown'],
    ['with two slips', 'enviroment: a\nenvironmnt: b', 'unknown'],
    ['whose name is a list', 'environment: [staging]', 'unknown'],
    ['whose name is empty', 'environment:', 'unknown'],
    ['whose name has credentials', 'environment: "https://me:pw@host"', 'unknown'],
    ['whose name has credentials, with a slip', 'enviroment: "https://me:pw@host"', 'unknown'],
  ] as const)('of a file %s', async ([, line, name]) => {
    expect(await belongs(sampleWith('environment: staging', line))).toBe(name);
  });

  test('of a file with two names is not known', async () => {
    expect(await belongs(`${sampleYaml}environment: other\n`)).toBe('unknown');
  });

  test.for([
    ['a wrong store', `${sampleYaml}store: { mode: postgres, host: db }\n`],
    ['no YAML', 'environment: "x\n'],
  ] as const)('is not guessed from %s', async ([, text]) => {
    expect(await belongs(text)).toBeUndefined();
  });

  test('is unknown where there is no file', async () => {
    expect(await loadWhereabouts(join(folder, 'nope.yaml'))).toBeUndefined();
  });
});
