// Each exit code of docs/exit-codes.md, by a real process.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import {
  type CharterProcess,
  type Ended,
  readLeftBehind,
  runCharter,
  startCharter,
} from '../../fixtures/testing/index.ts';
import { countsOf } from '../journal/index.ts';

const campaigns = resolve(import.meta.dirname, '../../fixtures/campaigns');
const env = { CHARTER_EMBEDDED: 'true' };

interface Prepared {
  readonly out: string;
  readonly args: readonly string[];
}

function prepare(folder: string, edit: (yaml: string) => string = (yaml) => yaml): Prepared {
  const home = mkdtempSync(join(tmpdir(), 'charter-exit-'));
  const config = join(home, 'charter.yaml');
  writeFileSync(config, edit(readFileSync(join(campaigns, 'charter.yaml'), 'utf8')));
  const out = join(home, 'out');
  return { out, args: ['run', '--config', config, '--suites', join(campaigns, folder), '--out', out] };
}

function lastLine({ stdout }: Pick<Ended, 'stdout'>): string {
  return stdout.trimEnd().split('\n').at(-1) ?? '';
}

/** SUMMARY, the folded journal and the JUnit file tell the same numbers. */
function expectAgreement(out: string, ended: Ended): void {
  const { state, junit } = readLeftBehind(out);
  const { tests, pass, fail, err, skip } = countsOf(state);
  expect(lastLine(ended)).toBe(
    `[charter-runner] SUMMARY tests=${tests} pass=${pass} fail=${fail} err=${err} skip=${skip}`,
  );
  const root = /<testsuites[^>]*>/.exec(junit)?.[0] ?? '';
  expect(root).toContain(`tests="${tests}"`);
  expect(root).toContain(`failures="${fail}"`);
  expect(root).toContain(`errors="${err}"`);
}

async function until(
  process: CharterProcess,
  text: string,
  seen = () => process.stdout().includes(text),
): Promise<void> {
  while (!seen()) {
    if (process.child.exitCode !== null)
      throw new Error(`ended before '${text}' was seen: ${process.stdout()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A line tells that a case ended: only the journal tells that the next one has begun. */
/** The run writes there at any moment, and makes the folder again for it. */
function putInTheWay(out: string): void {
  rmSync(out, { recursive: true, maxRetries: 20 });
  writeFileSync(out, 'in the way');
}

async function untilBegun(process: CharterProcess, out: string, title: string): Promise<void> {
  await until(process, 'is quick');
  await until(process, title, () =>
    [...readLeftBehind(out).state.cases.values()].some(
      ({ planned, attempts }) => planned.title === title && attempts.length > 0,
    ),
  );
}

const production = (yaml: string) => `${yaml}modes: { production: true }\n`;
const announced = (yaml: string) =>
  `${production(yaml)}expectedSkips:\n  - { case: '2', reason: data.governed }\n`;
const otherReason = (yaml: string) =>
  `${production(yaml)}expectedSkips:\n  - { case: '2', reason: no such table }\n`;

describe('a run that ends by itself', () => {
  test.each<[string, number, string, ((yaml: string) => string)?, string[]?]>([
    ['0: passed, an unplanned skip counts only in production', 0, 'green'],
    ['0: production, the skip is announced', 0, 'green', announced],
    ['1: failed, whatever else is wrong', 1, 'red'],
    ['3: nothing is selected', 3, 'green', (yaml) => yaml, ['--case', 'nope']],
    ['3: nothing but skips', 3, 'skips-only'],
    ['3: production, and a skip is not announced', 3, 'green', production],
    ['3: production, and the skip has another reason than the announced one', 3, 'green', otherReason],
    ['4: no failure but an error', 4, 'errors-only'],
    [
      '7: the deadline comes first',
      7,
      'slow',
      (yaml) => yaml.replace('graceMs: 700', 'graceMs: 200, runMs: 2500'),
    ],
  ])('%s', async (_name, code, folder, edit, more = []) => {
    const { out, args } = prepare(folder, edit);
    const ended = await runCharter([...args, ...more], { env });
    expect({ code: ended.code, stderr: ended.stderr }).toMatchObject({ code });
    expectAgreement(out, ended);
  });
});

test('3: the unplanned skip of a production run is named before SUMMARY', async () => {
  const ended = await runCharter(prepare('green', production).args, { env });
  expect(ended.stdout).toMatch(/unplanned skip.*data\.governed[\s\S]*G\/2[\s\S]*SUMMARY/);
});

test('3: a skip that is announced for another reason says so', async () => {
  const { out, args } = prepare('green', otherReason);
  const ended = await runCharter(args, { env });
  const words = 'data.governed is not configured (expectedSkips names another reason: no such table)';
  expect(ended.stdout.replaceAll(/\s+/g, ' ')).toContain(words);
  expect(readLeftBehind(out).junit).toContain(words);
});

test('the report says that targets on loopback were accepted', async () => {
  const { out, args } = prepare('green');
  await runCharter(args, { env });
  expect(readLeftBehind(out).state.properties.get('embedded')).toBe('true');
});

describe('2: usage or configuration', () => {
  test.each<[string, (prepared: Prepared) => string[], string]>([
    ['an unknown flag', ({ args }) => [...args, '--nope'], 'unknown option'],
    ['a shard that is none', ({ args }) => [...args, '--shard', '4/3'], 'expected i/n'],
    [
      'a folder of campaigns that is not there',
      ({ args, out }) => [...args, '--suites', join(out, 'missing')],
      'does not exist',
    ],
    [
      'no charter.yaml',
      ({ args, out }) => [...args, '--config', join(out, 'missing.yaml')],
      'CHR_CONFIG_UNREADABLE',
    ],
  ])('%s', async (_name, argsOf, told) => {
    const ended = await runCharter(argsOf(prepare('green')), { env });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(told);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
    expect(lastLine(ended)).toMatch(/^\[charter-runner\] SUMMARY tests=(0|1) pass=0 fail=0 err=\1 skip=0$/);
  });

  test('a target outside the cluster, and the report says why nothing ran', async () => {
    const { out, args } = prepare('green', (yaml) =>
      yaml.replace('http://127.0.0.1:9', 'https://trino.example.org'),
    );
    const ended = await runCharter(args, { env });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('trino.example.org');
    expectAgreement(out, ended);
    expect(readLeftBehind(out).junit).toContain('the run can start');
  });

  test('loopback is refused without the embedded platform', async () => {
    expect((await runCharter(prepare('green').args)).code).toBe(2);
  });

  test('a persona Secret that is required names itself and its missing keys', async () => {
    const { args } = prepare(
      'green',
      (yaml) => `${yaml}personaSecret: { optional: false, name: my-secret }\n`,
    );
    const ended = await runCharter(args, { env });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/my-secret[\s\S]*AKKO_TEST_PASSWORD_ALICE[\s\S]*AKKO_TEST_PASSWORD_BOB/);
  });
});

describe('5: the report could not be written', () => {
  test('the output folder is a file', async () => {
    const { out, args } = prepare('green');
    writeFileSync(out, 'not a folder');
    const ended = await runCharter(args, { env });
    expect(ended.code).toBe(5);
    expect(lastLine(ended)).toContain('SUMMARY tests=0');
  });

  test('the folder of the reports vanishes while the run goes on: SUMMARY still tells the verdict', async () => {
    const { out, args } = prepare('slow');
    const running = startCharter(args, { env });
    await untilBegun(running, out, 'takes 400 ms');
    await vi.waitFor(() => putInTheWay(out), { timeout: 5_000, interval: 1 });
    await until(running, 'takes 400 ms');
    running.child.kill('SIGTERM');
    const ended = await running.ended;
    expect(ended.code).toBe(5);
    // The third case may have begun by then: nothing tells that any more.
    expect(lastLine(ended)).toMatch(/SUMMARY tests=(3 pass=2 fail=0 err=1|4 pass=2 fail=0 err=2) skip=0/);
  });
});

test('6: a second run into the same folder is refused, the first is not disturbed', async () => {
  const { out, args } = prepare('slow');
  const first = startCharter(args, { env });
  await until(first, 'is quick');
  const second = await runCharter(args, { env });
  expect(second.code).toBe(6);
  expect(second.stderr).toContain('another run writes to');
  expect(lastLine(second)).toContain('SUMMARY tests=0');
  first.child.kill('SIGTERM');
  const ended = await first.ended;
  expect(ended.code).toBe(7);
  expectAgreement(out, ended);
});

describe('7: interrupted', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    '%s: what ended stands, what ran is an error, the rest is counted',
    async (signal) => {
      const { out, args } = prepare('slow');
      const running = startCharter(args, { env });
      await untilBegun(running, out, 'takes for ever');
      running.child.kill(signal);
      const ended = await running.ended;
      expect(ended.code).toBe(7);
      expectAgreement(out, ended);
      const { state, junit } = readLeftBehind(out);
      expect(countsOf(state)).toEqual({ tests: 4, pass: 2, fail: 0, err: 2, skip: 0 });
      expect(junit).toContain('not run: 2');
      expect(ended.stdout).toContain(`ended early: interrupted by ${signal}`);
    },
  );

  test.each([
    ['the supervisor', 1],
    ['its whole group, as Ctrl-C goes', -1],
  ])('a running case may end in its grace period: a signal to %s', async (_whom, sign) => {
    const { out, args } = prepare('slow', (yaml) => yaml.replace('graceMs: 700', 'graceMs: 20000'));
    const running = startCharter(args, { env });
    await untilBegun(running, out, 'takes 400 ms');
    process.kill(sign * (running.child.pid ?? 0), 'SIGINT');
    const ended = await running.ended;
    expect(ended.code).toBe(7);
    expect(countsOf(readLeftBehind(out).state)).toEqual({ tests: 3, pass: 2, fail: 0, err: 1, skip: 0 });
  });

  test('an error that nobody expected in the supervisor leaves a whole report, and is no verdict', async () => {
    const { out, args } = prepare('slow');
    const planted = join(out, '..', 'planted.mjs');
    const marker = join(out, '..', 'now');
    writeFileSync(
      planted,
      `import { existsSync } from 'node:fs';
const fail = () => { if (!existsSync(${JSON.stringify(marker)})) return; clearInterval(looking); throw new Error('planted'); };
const looking = process.argv[1]?.endsWith('charter.mjs') ? setInterval(fail, 20) : undefined;
`,
    );
    const running = startCharter(args, { env: { ...env, NODE_OPTIONS: `--import=${planted}` } });
    await untilBegun(running, out, 'takes for ever');
    writeFileSync(marker, '');
    const ended = await running.ended;
    expect(ended.code, ended.stderr).toBe(7);
    expect(ended.stderr).toContain('Error: planted');
    expectAgreement(out, ended);
    expect(readLeftBehind(out).state.ended?.reason).toBe(
      'interrupted by an error of the runner itself: planted',
    );
  });

  test('a second signal ends at once, the report is whole', async () => {
    const { out, args } = prepare('slow', (yaml) => yaml.replace('graceMs: 700', 'graceMs: 20000'));
    const running = startCharter(args, { env });
    await untilBegun(running, out, 'takes for ever');
    running.child.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 100));
    running.child.kill('SIGTERM');
    const ended = await running.ended;
    expect(ended.code).toBe(7);
    expectAgreement(out, ended);
  });
});
