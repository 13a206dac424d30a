// Whatever a case does to its process, it alone is concerned, and the report says what was seen.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
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
async function runFile(text: (folder: string) => string): Promise<Ended & { verdicts: unknown }> {
  const folder = mkdtempSync(join(tmpdir(), 'charter-one-file-'));
  const suites = join(folder, 'suites');
  mkdirSync(suites);
  writeFileSync(join(suites, 'one.campaign.ts'), text(folder));
  const where = ['--config', join(campaigns, 'charter.yaml'), '--suites', suites, '--out', folder];
  const end = await runCharter(['run', ...where], { env: { CHARTER_EMBEDDED: 'true' } });
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
