// What `charter runs show` says of a run that has more red cases and reasons than it lists: the counts are those of the run.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runOf, type TestCockpit, testCockpit } from '../cockpit/testing.ts';
import { decidingAttempt, failureOf } from '../journal/index.ts';
import { failed, stateOf, unreachable } from '../report/testdata/sample-run.ts';
import { cockpitReads } from '../store/index.ts';
import { showLines } from './runs-lines.ts';
import { findRun, readRun } from './runs-read.ts';

const wrong = (message: string) => ({
  ...{ verdict: 'failed' as const, failure: { kind: 'assertion', message } },
});

/** Each is red, and its attempts differ in why. */
const told = [
  { id: 'twice', attempts: [wrong('first'), wrong('second')] },
  { id: 'then-unreachable', attempts: [wrong('first'), unreachable] },
  { id: 'unreachable-first', attempts: [unreachable, wrong('later')] },
  { id: 'silent', attempts: [{ verdict: 'failed' as const }, wrong('later')] },
  { id: 'silent-error', attempts: [{ verdict: 'error' as const }] },
  { id: 'cut-off', attempts: ['running' as const] },
];

let store: TestCockpit;
beforeAll(async () => {
  const red = Array.from({ length: 210 }, (_, i) => ({ id: `${i}`, attempts: [failed] }));
  const skipped = Array.from({ length: 210 }, (_, i) => ({
    ...{ id: `${i}`, campaign: 'C-11' },
    attempts: [{ verdict: 'skipped' as const, reason: `reason ${i}` }],
  }));
  const end = { exitCode: 1, reason: 'completed' };
  store = await testCockpit([
    runOf({ run: 'large', ago: 0, cases: [...red, ...skipped], end }),
    runOf({ run: 'large-too', ago: 1, cases: [], end }),
    runOf({ run: 'why', ago: 2, cases: told }),
  ]);
}, 180_000);
afterAll(() => store.close());

test('cases in quarantine are counted beyond those that are listed', async () => {
  const entry = { owner: 'night-watch', reason: 'restarts', expires: '2099-12-31' };
  const active = new Map(
    ['C-10/3', 'C-10/205', 'C-11/3', 'C-99/1'].map((key) => [key, { ...entry, case: key }]),
  );
  const reads = cockpitReads(store.store);
  const shown = await readRun(reads, await findRun(reads, 'large'), { active, expired: [] });
  expect([shown.red.length, shown.redTotal, shown.quarantined]).toEqual([200, 210, 2]);
  const lines = showLines(shown);
  expect(lines.find((line) => line.startsWith('tests='))).toBe(
    'tests=420 pass=0 fail=210 err=0 skip=210, of them 2 in quarantine',
  );
  expect(lines).toContain('10 more for other reasons; the report has them all');
});

test('a red case is told by the attempt that JUnit tells, in the same words', async () => {
  const reads = cockpitReads(store.store);
  const { red } = await readRun(reads, await findRun(reads, 'why'), { active: new Map(), expired: [] });
  const expected = [...stateOf({ cases: told }).cases.values()].map((item) => {
    const attempt = decidingAttempt(item);
    return [item.planned.key, attempt === undefined ? undefined : failureOf(attempt)?.message];
  });
  expect(Object.fromEntries(red.map(({ key, message }) => [key, message]))).toEqual(
    Object.fromEntries(expected),
  );
});

test('a beginning that two runs have is answered with their whole names', async () => {
  const reads = cockpitReads(store.store);
  expect((await findRun(reads, 'large-')).run).toBe('large-too');
  await expect(findRun(reads, 'larg')).rejects.toMatchObject({
    code: 'CHR_USAGE',
    hint: expect.stringMatching(/large(-too)?, large/),
  });
});
