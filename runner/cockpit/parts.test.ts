// A run of a part of the charter is no verdict on its environment: neither its green nor its red becomes the last word.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failed, passed, type SampleCase } from '../report/testdata/sample-run.ts';
import { cockpitReads } from '../store/index.ts';
import { pushEvents } from '../store/write/push.ts';
import type { LastRun } from './last-run.ts';
import { runOf, type TestCockpit, testCockpit } from './testing.ts';

const end = (exitCode: number) => ({ exitCode, reason: 'completed' });
const night = (...red: readonly string[]): SampleCase[] =>
  ['1', '2', '3'].map((id) => ({ id, attempts: [red.includes(id) ? failed : passed] }));
const one = (attempt: SampleCase['attempts'][number]): SampleCase[] => [{ id: '3', attempts: [attempt] }];
const properties = { selection: '--campaign C-10 --case 3' };
const own = { properties: { suites: '--suites mine' } };
const plain = { properties: { suites: 'charter' } };
/** Days before the night of today: an hour after a night is a bit less. */
const hourAfter = (ago: number) => ago - 1 / 24;

let cockpit: TestCockpit;
beforeAll(async () => {
  cockpit = await testCockpit([
    // Red at night, and somebody repeats one case by the page's own command.
    runOf({ run: 'red-before', ago: 1, environment: 'red', cases: night('2', '3'), end: end(1), ...plain }),
    runOf({ run: 'red-night', ago: 0, environment: 'red', cases: night('2', '3'), end: end(1), ...plain }),
    ...[
      { environment: 'red', run: 'red-repeat', ago: hourAfter(0), cases: one(passed), end: end(0) },
      { environment: 'green', run: 'green-repeat', ago: hourAfter(0), cases: one(failed), end: end(1) },
      { environment: 'next', run: 'next-repeat', ago: hourAfter(1), cases: one(passed), end: end(0) },
      { environment: 'parts', run: 'parts-only', ago: 0, cases: one(passed), end: end(0) },
    ].map((part) => runOf({ ...part, properties })),
    runOf({ run: 'green-night', ago: 0, environment: 'green', cases: night(), end: end(0) }),
    runOf({ run: 'next-before', ago: 1, environment: 'next', cases: night('2', '3'), end: end(1) }),
    runOf({ run: 'next-night', ago: 0, environment: 'next', cases: night('2', '3'), end: end(1) }),
    runOf({ run: 'red-own', ago: hourAfter(0), environment: 'red', cases: one(passed), end: end(0), ...own }),
    // Before an upgrade runs did not say which campaigns they took.
    runOf({ run: 'own-before', ago: 9, environment: 'own', cases: night('1'), end: end(1) }),
    runOf({ run: 'own-night', ago: 0, environment: 'own', cases: night(), end: end(0), ...own }),
    runOf({
      ...{ run: 'own-repeat', ago: hourAfter(0), environment: 'own', cases: one(failed), end: end(1) },
      properties: { ...own.properties, ...properties },
    }),
    runOf({
      ...{ run: 'a-shard', ago: 0, environment: 'shards', cases: night('2'), end: end(1) },
      properties: { shard: '2/3', job: 'j' },
    }),
  ]);
}, 180_000);
afterAll(() => cockpit.close());

const lastRun = async (environment: string) =>
  JSON.parse(await cockpit.text(`/api/last-run?environment=${environment}`)) as LastRun;
async function seen(path: string): Promise<string> {
  const text = await cockpit.text(path);
  return text.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
}

describe('a part that is green after a red night', () => {
  test('leaves it red wherever the last run is told', async () => {
    const { green, last, lastGreenAt } = await lastRun('red');
    expect([green, last?.run, lastGreenAt]).toEqual([false, 'red-night', null]);
    expect(await cockpit.text('/badge.svg?environment=red')).toContain('charter red: failed');
    expect(await seen('/widget?environment=red')).toContain('2 failed of 3 cases');
    expect(await seen('/environments/red')).toMatch(/2 failed of 3 cases .* No run .* has been green/);
    const metrics = await cockpit.text('/metrics');
    expect(metrics).toContain('charter_last_run_status{environment="red",status="failed"} 1');
    expect(metrics).toContain('charter_last_green_run_timestamp_seconds{environment="red"} 0');
  });

  test('is shown as what it is', async () => {
    const words = 'part of the charter: --campaign C-10 --case 3';
    for (const path of ['/environments/red', '/runs?environment=red', '/runs/red-repeat'])
      expect(await seen(path), path).toContain(words);
    expect(await cockpit.text('/environments/red')).toMatch(/<a class="passed part"/);
    expect(await seen('/runs/red-night')).not.toContain('part of the charter');
  });

  test('stands in the history of its case, which did pass', async () => {
    const history = await cockpitReads(cockpit.store).history('red', ['C-10/3'], 10);
    expect(history.get('C-10/3')?.map(({ verdict }) => verdict)).toEqual([
      'failed',
      'failed',
      'passed',
      'passed',
    ]);
  });
});

test('a part that is red does not accuse the whole', async () => {
  const { green, last } = await lastRun('green');
  expect([green, last?.run]).toEqual([true, 'green-night']);
  expect(await cockpit.text('/badge.svg?environment=green')).toContain('charter green: passed');
  expect(await seen('/environments/green')).toContain('failed Since then : part of the charter');
});

test('the next night is compared with the night before, not with the part between them', async () => {
  const text = await seen('/environments/next');
  expect(text).not.toContain('Newly failing');
  expect(text).toContain('2 cases are still not as promised, as before.');
});

test('an environment without a run of the whole charter says so, and is not green', async () => {
  const { green, last, lastGreenAt } = await lastRun('parts');
  expect([green, last, lastGreenAt]).toEqual([false, null, null]);
  expect(await cockpit.text('/badge.svg?environment=parts')).toContain('charter parts: no whole run');
  expect(await seen('/environments/parts')).toContain('No run of the whole charter has ended here yet');
  expect(await seen('/environments/parts')).toContain('part of the charter: --campaign C-10 --case 3');
  expect(await cockpit.text('/metrics')).not.toContain('charter_last_run_status{environment="parts"');
});

test('own campaigns are the whole of an environment that knows no others', async () => {
  const { green, last } = await lastRun('own');
  expect([green, last?.run, last?.selection]).toEqual([true, 'own-night', null]);
  expect(await seen('/runs?environment=own')).toContain(
    'part of the charter: --suites mine --campaign C-10 --case 3',
  );
  expect(await seen('/runs/red-own')).toContain('part of the charter: --suites mine');
});

test('while a run of the whole goes on, a part that began later is not the one that is told', async () => {
  const going = (run: string, ago: number, more: object) =>
    pushEvents(cockpit.store, runOf({ run, ago, environment: 'green', cases: one('running'), ...more }), {
      ...{ n: 1, staleMs: 3_600_000 },
    });
  await going('green-going', -0.5, {});
  await going('green-part-going', -0.6, { properties });
  const { running } = await lastRun('green');
  expect([running?.run, running?.selection]).toEqual(['green-going', null]);
});

test('a shard that stands alone says so', async () => {
  expect(await seen('/runs?environment=shards')).toContain('shard 2/3');
});
