// Whatever a case does to its process, it alone is concerned, and the report says what was seen.
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type Ended, readLeftBehind, runCharter } from '../../fixtures/testing/index.ts';
import { countsOf, decidingAttempt, type RunState, verdictOf } from '../journal/index.ts';

const campaigns = resolve(import.meta.dirname, '../../fixtures/campaigns');
let ended: Ended;
let state: RunState;

beforeAll(async () => {
  const out = mkdtempSync(join(tmpdir(), 'charter-trouble-'));
  const where = [
    '--config',
    join(campaigns, 'charter.yaml'),
    '--suites',
    join(campaigns, 'trouble'),
    '--out',
    out,
  ];
  ended = await runCharter(['run', ...where], {
    env: { CHARTER_EMBEDDED: 'true', NODE_OPTIONS: '--max-old-space-size=160' },
  });
  state = readLeftBehind(out).state;
}, 120_000);

test.each([
  ['T/passes', 'passed', ''],
  ['T/fails', 'failed', 'assertion'],
  ['T/throws', 'error', 'exception'],
  ['T/unreachable', 'error', 'connect-refused'],
  ['T/unasked', 'error', 'exception'],
  ['T/skips', 'skipped', 'not needed'],
  ['T/xfails', 'skipped', 'xfail: known and accepted'],
  ['T/writes', 'skipped', 'writes are off'],
  ['T/needs', 'skipped', 'data.governed'],
  ['T/persona[alice]', 'skipped', 'AKKO_TEST_PASSWORD_ALICE'],
  ['T/persona[bob]', 'skipped', 'AKKO_TEST_PASSWORD_BOB'],
  ['T/late', 'error', 'timeout'],
  ['T/polls', 'failed', 'assertion'],
  ['T/exits', 'error', 'exception'],
  ['T/loops', 'error', 'hang'],
  ['T/killed', 'error', 'crash'],
  ['T/rejects', 'error', 'unhandled-rejection'],
  ['T/memory', 'error', 'out-of-memory'],
  ['T/leaks', 'passed', ''],
  ['trouble/plain passes', 'passed', ''],
  ['trouble/plain group > fails', 'failed', 'assertion'],
  ['trouble/plain group > throws', 'error', 'exception'],
  ['trouble/plain group > skips', 'skipped', 'plain note'],
  ['trouble/plain group > is off', 'skipped', 'switched off'],
  ['trouble/plain group > is to do', 'skipped', 'switched off'],
  ['file/trouble.campaign.ts', 'error', 'state-leak'],
  ['file/broken.campaign.ts', 'error', 'import'],
  ['file/quits.campaign.ts', 'error', 'crash'],
])('%s is %s: %s', (key, verdict, why) => {
  const item = state.cases.get(key);
  if (item === undefined) throw new Error(`no ${key} among ${[...state.cases.keys()].join(', ')}`);
  const outcome = decidingAttempt(item)?.outcome;
  expect([verdictOf(item), outcome?.failure?.kind ?? outcome?.reason ?? '']).toEqual([
    verdict,
    expect.stringContaining(why),
  ]);
});

test('nothing else is in the report, and everything ran', () => {
  expect(state.cases.size).toBe(28);
  expect(countsOf(state)).toEqual({ tests: 28, pass: 3, fail: 3, err: 13, skip: 9 });
});

test('a failure tells expected, got, and how to see it again', () => {
  expect(ended.code).toBe(1);
  expect(ended.stdout).toContain('expected: {"rows":2}');
  expect(ended.stdout).toContain('got:      {"rows":1}');
  expect(ended.stdout).toContain('reproduce: charter run --campaign T --case fails');
  expect(ended.stdout).toContain('warning: T fails');
});

test('SUMMARY is the last line', () => {
  expect(ended.stdout.trimEnd().split('\n').at(-1)).toBe(
    '[charter-runner] SUMMARY tests=28 pass=3 fail=3 err=13 skip=9',
  );
});

/** A campaign file of its own; `folder` is where it may leave something. */
async function runFile(
  text: (folder: string) => string,
  after: (folder: string) => void = () => {},
  flags: readonly string[] = [],
): Promise<Ended & { verdicts: unknown }> {
  const folder = mkdtempSync(join(tmpdir(), 'charter-one-file-'));
  const suites = join(folder, 'suites');
  mkdirSync(suites);
  writeFileSync(join(suites, 'one.campaign.ts'), text(folder));
  const where = ['--config', join(campaigns, 'charter.yaml'), '--suites', suites, '--out', folder];
  const end = await runCharter(['run', ...where, ...flags], { env: { CHARTER_EMBEDDED: 'true' } });
  after(folder);
  const { cases } = readLeftBehind(folder).state;
  return { ...end, verdicts: [...cases].map(([key, item]) => [key, verdictOf(item)]) };
}

test('a worker that somebody killed while it imported a file costs a round, and no verdict', async () => {
  const { code, verdicts } = await runFile(
    (folder) => `import { existsSync, writeFileSync } from 'node:fs';
import { campaign } from 'charter-runner';
const marker = ${JSON.stringify(join(folder, 'marker'))};
if (!existsSync(marker)) {
  writeFileSync(marker, '');
  process.kill(process.pid, 'SIGKILL');
}
campaign('ONCE', 'imported twice', (c) => c.case('1', 'passes', () => {}));
`,
  );
  expect([code, verdicts]).toEqual([0, [['ONCE/1', 'passed']]]);
});

test('what a file rejects while it is imported is printed, and its cases run', async () => {
  const { code, verdicts, stdout } = await runFile(
    () => `import { campaign } from 'charter-runner';
void Promise.reject(new Error('nobody waits for this'));
await new Promise((resolve) => setTimeout(resolve, 20));
campaign('R', 'rejects early', (c) => c.case('1', 'passes', () => {}));
`,
  );
  expect(stdout).toContain('nobody waits for this');
  expect([code, verdicts]).toEqual([0, [['R/1', 'passed']]]);
});

const plain = "import { afterAll, aroundEach, beforeAll, describe, expect, test, vi } from 'vitest';\n";
const declared = "import { campaign } from 'charter-runner';\n";

test('a plan of thousands is waited for, however long the supervisor takes to read it', async () => {
  const { verdicts } = await runFile(
    () => `${declared}campaign('M', 'many', (c) => {
  for (let i = 0; i < 4_000; i++) c.case(String(i), 'passes', () => {});
});
`,
  );
  const told = verdicts as [string, string][];
  expect(told.length).toBe(4_000);
  expect(told.filter(([, verdict]) => verdict !== 'passed')).toEqual([]);
}, 60_000);

test('a test that waits for something that would not keep a process alive is waited for', async () => {
  const { code, verdicts } = await runFile(
    () => `${plain}test('waits', () => new Promise((resolve) => setTimeout(resolve, 400).unref()));\n`,
  );
  expect([code, verdicts]).toEqual([0, [['one/waits', 'passed']]]);
});

test('a hook that fails before cases is their error, after them its file’s', async () => {
  const { code, verdicts, stdout } = await runFile(
    () => `${plain}describe('a', () => { beforeAll(() => { throw new Error('before broke'); }); test('one', () => {}); });
describe('b', () => { afterAll(() => { throw new Error('after broke'); }); test('two', () => {}); });
test('three', () => {});
afterAll(() => { throw new Error('the last broke'); });
`,
  );
  expect(stdout).toContain('a hook before it failed: before broke');
  expect(stdout.replace(/\s+/g, ' ')).toContain(
    'a hook after its cases failed: after broke; a hook after its cases failed: the last broke',
  );
  expect([code, verdicts]).toEqual([
    4,
    [
      ['one/a > one', 'error'],
      ['one/b > two', 'passed'],
      ['one/three', 'passed'],
      ['file/one.campaign.ts', 'error'],
    ],
  ]);
});

test.each([
  ['at once', "void Promise.reject(new Error('nobody waits'))"],
  ['a moment later', "setImmediate(() => void Promise.reject(new Error('nobody waits')))"],
])('what the last case rejects %s is told of it', async (_when, body) => {
  const { verdicts } = await runFile(() => `${plain}test('it', () => { ${body}; });\n`);
  expect(verdicts).toEqual([['one/it', 'error']]);
});

test('a hook that fails after a skip is no skip', async () => {
  const { verdicts } = await runFile(
    () => `import { campaign } from 'charter-runner';
import { afterEach } from 'vitest';
afterEach(() => { throw new Error('after broke'); });
campaign('S', 'skips', (c) => c.case('1', 'skips', ({ skip }) => skip('not needed')));
`,
  );
  expect(verdicts).toEqual([['S/1', 'error']]);
});

test('a hook around each case, or one that never ends, cannot leave it green or hold the run', async () => {
  const { code, verdicts, stdout } = await runFile(
    () => `${plain}describe('a', () => { aroundEach(async (run) => { await run(); throw new Error('around broke'); }); test('one', () => {}); });
describe('b', () => { aroundEach(async () => { throw new Error('never ran'); }); test('two', () => {}); });
describe('c', () => { beforeAll(() => new Promise(() => {})); test('three', () => {}); });
test('four', () => {});
`,
  );
  expect(stdout).toContain('it was failed after it had ended: around broke');
  expect(stdout).toContain('it could not start: never ran');
  expect([code, verdicts]).toEqual([
    4,
    [
      ['one/a > one', 'error'],
      ['one/b > two', 'error'],
      ['one/c > three', 'error'],
      ['one/four', 'passed'],
    ],
  ]);
});

test('hooks around cases that are not asked for do not run, and an empty suite is no fault', async () => {
  const { code, verdicts } =
    await runFile(() => `${plain}describe('a', () => { beforeAll(() => { throw new Error('not asked for'); }); test('one', () => {}); });
describe('none', () => {});
describe('b', () => { test('two', () => {}); });
`, () => {}, ['--case', 'b > two']);
  expect([code, verdicts]).toEqual([0, [['one/b > two', 'passed']]]);
});

test.each<[string, string, string]>([
  ['annotates itself', "async ({ annotate }) => { await annotate('seen'); }", 'passed'],
  ['fakes what sockets need', "() => { vi.useFakeTimers({ toFake: ['nextTick'] }); }", 'error'],
  [
    'fakes the clock',
    '() => { vi.useFakeTimers(); setTimeout(() => {}, 9_000); vi.runAllTimers(); vi.useRealTimers(); }',
    'passed',
  ],
  ['replaces JSON.stringify', "() => { JSON.stringify = () => 'nonsense'; }", 'passed'],
  ...['nonsense', 'null', '{"type":"case-ended","key":"one/it"}'].map((line): [string, string, string] => [
    `writes ${line} to the supervisor`,
    `async () => { (await import('node:fs')).writeSync(3, '${line}\\n'); await new Promise(() => {}); }`,
    'error',
  ]),
  ...['{"type":["done"]}', '{"type":{"toString":1}}'].map((line): [string, string, string] => [
    `writes ${line} to the supervisor, and goes on`,
    `async () => { (await import('node:fs')).writeSync(3, '${line}\\n'); }`,
    'error',
  ]),
  ['is expected to fail, and passes', '{ fails: true }, () => {}', 'error'],
  ['is tried again by vitest', '{ retry: 2 }, () => {}', 'error'],
])('a test that %s', async (_what, body, verdict) => {
  const { verdicts, stdout } = await runFile(() => `${plain}test('it', ${body});\n`);
  expect(verdicts, stdout).toEqual([['one/it', verdict]]);
});

test('what a case has started and left behind holds no run', async () => {
  const start = performance.now();
  const { code, verdicts } = await runFile(
    (folder) => `${declared}import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
campaign('B', 'leaves a process behind', (c) => c.case('1', 'passes', () => {
  const left = spawn('sleep', ['30'], { detached: true, stdio: 'inherit' });
  writeFileSync(${JSON.stringify(join(folder, 'pid'))}, String(left.pid));
  left.unref();
}));
`,
    (folder) => process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8'))),
  );
  expect([code, verdicts]).toEqual([0, [['B/1', 'passed']]]);
  expect(performance.now() - start).toBeLessThan(25_000);
}, 60_000);
