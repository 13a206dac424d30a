// A case that nobody saw end is not red: in a run that goes on it has no result yet, and in the history of a case none at all. Only the
// page of a run that was lost calls it an error, as its JUnit does.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failed, passed, type SampleCase } from '../report/testdata/sample-run.ts';
import { cockpitReads } from '../store/index.ts';
import { pushEvents } from '../store/write/push.ts';
import { runOf, type TestCockpit, testCockpit } from './testing.ts';

type Attempts = SampleCase['attempts'];
const cases = (attempts: Readonly<Record<string, Attempts>>): SampleCase[] =>
  Object.entries(attempts).map(([id, tries]) => ({ id, attempts: tries }));
const end = (exitCode: number) => ({ exitCode, reason: 'completed' });

const before = cases({ kept: [passed], tried: [passed], retried: [passed], next: [passed] });
const unfinished = cases({ kept: [passed], tried: ['running'], retried: [failed, 'running'], next: [] });

let cockpit: TestCockpit;
beforeAll(async () => {
  cockpit = await testCockpit([
    runOf({ run: 'live-before', ago: 1, environment: 'live', cases: before, end: end(0) }),
    runOf({ run: 'killed-before', ago: 1, environment: 'killed', cases: before, end: end(0) }),
    runOf({ run: 'killed', ago: 0, environment: 'killed', cases: unfinished }),
    ...[3, 2].map((ago) =>
      runOf({ run: `red-${ago}`, ago, environment: 'red', cases: cases({ one: [failed] }), end: end(1) }),
    ),
    runOf({ run: 'red-lost', ago: 1, environment: 'red', cases: cases({ one: ['running'] }) }),
    runOf({ run: 'first', ago: 0, environment: 'new', cases: cases({ one: ['running'] }) }),
  ]);
  const live = runOf({ run: 'live', ago: 0, environment: 'live', cases: unfinished });
  await pushEvents(cockpit.store, live, { n: 1, staleMs: 3_600_000 });
}, 180_000);
afterAll(() => cockpit.close());

async function seen(path: string): Promise<string> {
  const text = await cockpit.text(path);
  return text.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
}
const caseIn = (environment: string, id: string) => `/case?environment=${environment}&key=C-10%2F${id}`;
const reads = () => cockpitReads(cockpit.store);

describe.each(['live', 'killed'])('the history of a case in a run that is %s', (run) => {
  test.each(['tried', 'retried'])('counts no failure while it is being %s', async (id) => {
    const text = await cockpit.text(caseIn(run, id));
    expect(text).toContain('No failure in the last 2 runs.');
    expect(text).not.toContain('Failing since');
    expect(text).toContain('<section class="card verdict passed">');
    expect(text).not.toMatch(/class="dot (failed|error)"/);
    expect(await seen(caseIn(run, id))).toContain(
      `21 Nov 2026 01:00 UTC ${run === 'live' ? 'running' : 'cut off'} 20 Nov 2026`,
    );
    const key = `C-10/${id}`;
    const points = (await reads().history(run, [key], 20)).get(key);
    expect(points?.map(({ verdict, isRunning }) => [verdict, isRunning])).toEqual([
      ['passed', false],
      [undefined, run === 'live'],
    ]);
  });
});

describe('a run that goes on', () => {
  test('lists what is being tried neither as broken nor as not run', async () => {
    const text = await seen('/runs/live');
    expect(text).toMatch(/Not as promised 1 case C-10 retried/);
    expect(text).toMatch(/ 1 failed 2 to come 1 passed /);
    expect(text).toContain('2 attempts: failed, then running');
    const { rows } = await reads().cases('live', {}, { limit: 9, offset: 0 });
    expect(rows.map(({ id, verdict, isRunning }) => [id, verdict, isRunning])).toEqual([
      ['retried', 'failed', true],
      ['tried', undefined, true],
      ['next', undefined, false],
      ['kept', 'passed', false],
    ]);
    const found = await reads().cases('live', { verdict: 'not-run' }, { limit: 9, offset: 0 });
    expect(found.rows.map(({ id }) => id)).toEqual(['next']);
    expect(await seen('/runs/live?verdict=error')).toContain('No case of this run matches.');
  });

  test('says of one of its cases that it runs', async () => {
    const text = await cockpit.text('/runs/live/case?key=C-10%2Ftried');
    expect(text).toContain('<section class="card verdict running">');
    expect(text).not.toContain('interrupted');
  });

  test('counts it in no campaign as an error', async () => {
    expect(await reads().campaigns(['live'])).toMatchObject([{ passed: 1, failed: 1, error: 0, notRun: 2 }]);
  });
});

describe('the page of a run that was killed', () => {
  test('calls what was cut off an error, as JUnit does', async () => {
    expect(await seen('/runs/killed')).toMatch(/Not as promised 2 cases C-10 retried .* C-10 tried/);
    expect(await reads().campaigns(['killed'])).toMatchObject([
      { passed: 1, failed: 1, error: 1, notRun: 1 },
    ]);
    expect(await cockpit.text('/runs/killed/case?key=C-10%2Ftried')).toContain('card verdict error');
  });

  test('draws it small in the squares, which count it as no failure', async () => {
    const text = await cockpit.text('/runs/killed/case?key=C-10%2Ftried');
    expect(text).toContain('<title>failed in 0 of the last 2 runs</title>');
    expect(text).toContain('<path class="notrun" d="M8 8h6"/>');
  });
});

test('a case that never passed says over how many runs that is known', async () => {
  expect(await seen(caseIn('red', 'one'))).toContain('No pass in the last 3 runs: failing since 18 Nov 2026');
  expect(await seen(caseIn('new', 'one'))).toContain('No result in the last 1 run.');
});
