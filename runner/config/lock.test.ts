// execution.lock as people write it, and the persona Secret that is asked for instead of mounted.
import { describe, expect, test } from 'vitest';
import { CharterError } from '../errors/index.ts';
import { type Config, parseConfig, type SecretReader } from './index.ts';
import { sampleWith } from './testdata/sample.ts';

// Without what the tests write themselves.
const sample = sampleWith('execution: { retry: 0 }\n', '').replace('budgets:\n  caseMs: 20000\n', '');

const parse = (more: string, readSecret?: SecretReader): Promise<Config> =>
  parseConfig('charter.yaml', `${sample}${more}\n`, {
    env: {},
    ...(readSecret === undefined ? {} : { readSecret }),
  });

async function problemsOf(more: string): Promise<string> {
  const outcome = await parse(more).catch((error: unknown) => error);
  if (outcome instanceof CharterError) return outcome.message;
  throw new Error('expected a CharterError');
}

async function expectOneProblem(more: string, told: readonly string[]): Promise<void> {
  const message = await problemsOf(more);
  for (const part of told) expect(message).toContain(part);
  expect(message).toContain('1 problem');
}

describe('execution.lock', () => {
  const defaults = { waitMs: 0, leaseMs: 30_000 };
  test.each([
    ['', { mode: 'local', ...defaults }],
    ['execution: { lock: none }', { mode: 'none', ...defaults }],
    ['execution: { lock: local }', { mode: 'local', ...defaults }],
    ['execution: { lock: { mode: lease, lease: a } }', { mode: 'lease', lease: 'a', ...defaults }],
    [
      'execution: { lock: { mode: lease, lease: a, waitMs: 5, leaseMs: 15000 } }',
      { mode: 'lease', lease: 'a', waitMs: 5, leaseMs: 15_000 },
    ],
    ['execution: { lock: { leaseMs: 1000 } }', { mode: 'local', waitMs: 0, leaseMs: 1_000 }],
  ])('%s', async (text, lock) => {
    expect((await parse(text)).data.execution.lock).toEqual(lock);
  });

  test.each([
    ['lokal', 'execution.lock', 'one of local, lease, postgres, none', 'did you mean: local'],
    [
      '{ mode: leas, lease: a }',
      'execution.lock.mode',
      'one of local, lease, postgres, none',
      'did you mean: lease',
    ],
    ['{ mode: lease }', 'execution.lock.lease', 'the name of the Lease', 'no name'],
    ['lease', 'execution.lock', 'the name of the Lease', 'no name'],
    ['{ mode: local, wait: 5 }', 'execution.lock.wait', 'one of mode, lease, waitMs, leaseMs', 'waitMs'],
    ['{ leaseMs: 500 }', 'execution.lock.leaseMs', 'at least 1000', '500'],
    [
      '{ mode: lease, lease: a, leaseMs: 14999 }',
      'execution.lock.leaseMs',
      'at least 15000, three times budgets.graceMs (5000)',
      '14999',
    ],
  ])('%s is a problem at %s', async (lock, ...told) => {
    await expectOneProblem(`execution: { lock: ${lock} }`, told);
  });
});

describe('the lease time gives running cases their grace', () => {
  const withGrace = (graceMs: string, more: string) =>
    `execution: { lock: { mode: lease, lease: a${more} } }\nbudgets: { graceMs: ${graceMs} }`;

  test.each([
    ['10000', ''],
    ['20000', ', leaseMs: 60000'],
    ['300', ', leaseMs: 1000'],
  ])('%s%s', async (grace, more) => {
    await expect(parse(withGrace(grace, more))).resolves.toBeDefined();
  });

  test.each([
    ['10001', '', 'budgets.graceMs', 'at most 10000, a third of execution.lock.leaseMs (30000)'],
    [
      '20001',
      ', leaseMs: 60000',
      'execution.lock.leaseMs',
      'at least 60003, three times budgets.graceMs (20001)',
    ],
    ['soon', ', leaseMs: 1000', 'budgets.graceMs', 'a number'],
  ])('%s%s is a problem at %s', async (grace, more, ...told) => {
    await expectOneProblem(withGrace(grace, more), told);
  });
});

describe('personaSecret.via: api', () => {
  const via = (optional: string) => `personaSecret: { via: api, name: pw, optional: ${optional} }`;
  const bytes = (text: string) => Buffer.from(text);
  const having =
    (data: Readonly<Record<string, Uint8Array>>): SecretReader =>
    async () => ({ data, where: 'in namespace akko' });
  const why = async (config: Config) => {
    const alice = config.persona('alice');
    return alice === undefined ? '' : config.missingPassword(alice);
  };

  test('passwords are read as from a mount, one newline dropped', async () => {
    const config = await parse(via('true'), having({ AKKO_TEST_PASSWORD_ALICE: bytes('pass\n') }));
    expect(config.persona('alice')?.password?.reveal()).toBe('pass');
  });

  test('what is missing is told with the namespace', async () => {
    expect(await why(await parse(via('true'), having({})))).toBe(
      'no password for alice: AKKO_TEST_PASSWORD_ALICE is not set and Secret pw in namespace akko has no key AKKO_TEST_PASSWORD_ALICE',
    );
    const absent = await parse(via('true'), async () => ({ why: 'does not exist in namespace akko' }));
    expect(await why(absent)).toContain('Secret pw does not exist in namespace akko');
  });

  test('bytes that are no text are no password', async () => {
    const config = await parse(via('true'), having({ AKKO_TEST_PASSWORD_ALICE: Uint8Array.of(0xff) }));
    expect(await why(config)).toContain('cannot be read');
  });

  test('a required Secret ends the run, as one that is not mounted does', async () => {
    await expect(parse(via('false'), having({}))).rejects.toMatchObject({
      code: 'CHR_PERSONA_SECRET_MISSING',
      message: expect.stringContaining('Secret pw in namespace akko lacks these keys:'),
    });
    await expect(parse(via('false'), async () => ({ why: 'may not be read' }))).rejects.toMatchObject({
      message: expect.stringContaining('Secret pw may not be read, and personaSecret.optional is false'),
    });
  });

  test('without a reader nobody is asked, and nothing is refused', async () => {
    expect(await why(await parse(via('false')))).toContain('which only a run asks');
  });
});
