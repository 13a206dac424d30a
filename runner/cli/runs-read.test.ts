// What `charter runs show` says of a run that has more red cases and reasons than it lists: the counts are those of the run.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runOf, type TestCockpit, testCockpit } from '../cockpit/testing.ts';
import { decidingAttempt, failureOf, type Outcome } from '../journal/index.ts';
import { failed, passed, stateOf, unreachable } from '../report/testdata/sample-run.ts';
import { cockpitReads, markAborted } from '../store/index.ts';
import { pushEvents } from '../store/write/push.ts';
import { readFlakes } from './flakes.ts';
import { findRun } from './runs-find.ts';
import { flakeLines, showLines } from './runs-lines.ts';
import { readDiff, readRun } from './runs-read.ts';

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

const long = (id: string) => `${'why, '.repeat(120)}${id}`;
const huge = (attempts: (id: string) => readonly Outcome[]) =>
  Array.from({ length: 10_000 }, (_, i) => ({ id: `${i}`, attempts: attempts(`${i}`) }));
const nobody = { active: new Map(), expired: [] };

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
    runOf({ run: 'huge', ago: 3, environment: 'huge', cases: huge((id) => [wrong(long(id))]) }),
    runOf({ run: 'huge-flaky', ago: 4, environment: 'huge', cases: huge((id) => [wrong(long(id)), passed]) }),
    runOf({
      ...{ run: 'huge-skips', ago: 5, environment: 'huge', end },
      cases: huge((id) => [{ verdict: 'skipped', reason: long(id.slice(-1)) }]),
    }),
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
  const shown = await readRun(reads, await findRun(reads, 'large'), { active, expired: [] }, 'table');
  expect([shown.red.length, shown.redTotal, shown.quarantined]).toEqual([200, 210, 2]);
  const lines = showLines(shown);
  expect(lines.find((line) => line.startsWith('tests='))).toBe(
    'tests=420 pass=0 fail=210 err=0 skip=210, of them 2 in quarantine',
  );
  expect(lines).toContain('10 more for other reasons; --json has them all');
});

test('a red case is told by the attempt that JUnit tells, in the same words', async () => {
  const reads = cockpitReads(store.store);
  const { red } = await readRun(reads, await findRun(reads, 'why'), nobody, 'table');
  const expected = [...stateOf({ cases: told }).cases.values()].map((item) => {
    const attempt = decidingAttempt(item);
    return [item.planned.key, attempt === undefined ? undefined : failureOf(attempt)?.message];
  });
  expect(Object.fromEntries(red.map(({ key, message }) => [key, message]))).toEqual(
    Object.fromEntries(expected),
  );
});

test('everything is told of 10,000 cases: each of them, with all of its words', async () => {
  const reads = cockpitReads(store.store);
  const [red, flaky, skips] = await Promise.all(
    ['huge', 'huge-flaky', 'huge-skips'].map((run) => findRun(reads, run)),
  );
  if (red === undefined || flaky === undefined || skips === undefined) throw new Error('no runs');
  const words = huge((id) => [wrong(long(id))]).map(({ id }) => [`C-10/${id}`, long(id)]);

  const shown = await readRun(reads, red, nobody, 'everything');
  expect(shown.redTotal).toBe(10_000);
  expect(shown.red.map(({ key, message }) => [key, message])).toEqual(words);
  for (const [a, b, kind] of [
    [flaky, red, 'newly-failing'],
    [red, flaky, 'flaky'],
  ] as const) {
    const { changes } = await readDiff(reads, a, b, 'everything');
    expect(changes.map((change) => [change.kind, change.count])).toEqual([[kind, 10_000]]);
    expect(changes[0]?.cases.map(({ key, note }) => [key, note])).toEqual(words);
  }
  const skipped = await readRun(reads, skips, nobody, 'everything');
  expect(skipped.skips.map(({ reason, count, cases }) => [reason, count, cases.length])).toEqual(
    Array.from({ length: 10 }, (_, i) => [long(`${i}`), 1_000, 1_000]),
  );
  const flakes = await readFlakes(reads, { environment: 'huge', last: 100, json: true }, nobody);
  expect(new Set(flakes.flakes.map(({ key }) => key)).size).toBe(10_000);
  expect(flakeLines(flakes)).toContain('the worst 1000 of more; --json has them all');
}, 60_000);

test('a run that was marked as lost and beats again goes on, and has not ended for any reason', async () => {
  const reads = cockpitReads(store.store);
  const events = runOf({ run: 'stalled', ago: 9, cases: [{ id: '1', attempts: ['running'] }] });
  const linesOf = async () =>
    showLines(await readRun(reads, await findRun(reads, 'stalled'), nobody, 'table')).join('\n');
  await pushEvents(store.store, events, { n: 1, staleMs: 0 });
  await markAborted(store.store);
  expect(await linesOf()).toMatch(/^stalled aborted, [\s\S]*\nended: no sign of life any more$/m);
  await pushEvents(store.store, events, { n: 2, staleMs: 3_600_000 });
  expect(await linesOf()).toMatch(/^stalled running, /);
  expect(await linesOf()).not.toContain('ended');
});
