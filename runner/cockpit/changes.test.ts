// What changed since the run before, where one of the two was cut short: nothing is said of a case that nobody saw end.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failed, passed, type SampleCase } from '../report/testdata/sample-run.ts';
import { cockpitReads } from '../store/index.ts';
import { runOf, type TestCockpit, testCockpit } from './testing.ts';

type Attempts = SampleCase['attempts'];
const cases = (attempts: Readonly<Record<string, Attempts>>): SampleCase[] =>
  Object.entries(attempts).map(([id, tries]) => ({ id, attempts: tries }));
const end = (exitCode: number) => ({ exitCode, reason: 'completed' });

const planned = { a: [], b: [], c: [], d: [], red: [], left: [] };
const before = cases({ ...planned, a: [passed], b: [passed], c: [passed], d: [passed], red: [failed] });
const cut = { a: ['running'], b: ['running'], c: ['running'], d: [failed, 'running'] } as const;

const properties = { selection: '--case a' };

let cockpit: TestCockpit;
beforeAll(async () => {
  const [lost] = runOf({ run: 'planless', ago: 1, environment: 'unplanned', cases: [] });
  if (lost === undefined) throw new Error('a run begins with an event');
  cockpit = await testCockpit([
    runOf({ run: 'killed-before', ago: 2, environment: 'killed', cases: before, end: end(1) }),
    runOf({
      run: 'killed',
      ago: 1,
      environment: 'killed',
      cases: cases({ ...planned, ...cut, red: [failed] }),
    }),
    runOf({ run: 'after', ago: 0, environment: 'later', cases: before, end: end(1) }),
    ...[
      { run: 'shrinks-before', ago: 1, cases: before, end: end(1) },
      { run: 'shrinks', ago: 0, cases: cases({ a: [passed], b: [passed] }), end: end(0) },
      { run: 'shrinks-by-flag', ago: -1, cases: cases({ a: [passed] }), end: end(0), properties },
    ].map((run) => runOf({ environment: 'shrinks', ...run })),
    ...[
      { run: 'narrowed-before', ago: 1, cases: cases({ a: [passed], b: [passed], c: [passed] }) },
      { run: 'narrowed', ago: 0, cases: cases({ a: [passed] }) },
    ].map((run) => runOf({ environment: 'narrowed', end: end(0), ...run })),
    runOf({ run: 'lost-shard-before', ago: 1, environment: 'shard', cases: before, end: end(1) }),
    runOf({
      ...{ run: 'lost-shard', ago: 0, environment: 'shard', end: end(4) },
      cases: [{ campaign: 'charter', id: 'shard 2/3', attempts: [{ ...failed, verdict: 'error' }] }],
    }),
    runOf({ run: 'green', ago: 2, environment: 'unplanned', cases: cases({ a: [passed] }), end: end(0) }),
    runOf({ run: 'full', ago: 0, environment: 'disk', cases: cases({ a: [passed] }), end: end(5) }),
    [lost],
    ...[[failed], [failed, passed]].map((attempts, i) =>
      runOf({
        run: `retry-${i}`,
        ago: 1 - i,
        environment: 'retry',
        cases: cases({ a: attempts }),
        end: end(1 - i),
      }),
    ),
    runOf({
      ...{ run: 'silent-before', ago: 2, environment: 'silent' },
      ...{ cases: cases({ a: [passed], red: [failed] }), end: end(1) },
    }),
    runOf({
      ...{ run: 'silent', ago: 1, environment: 'silent', end: end(4) },
      cases: [{ campaign: 'charter', id: 'start', attempts: [{ ...failed, verdict: 'error' }] }],
    }),
    runOf({
      ...{ run: 'silent-after', ago: 0, environment: 'silent' },
      ...{ cases: cases({ a: [passed], red: [failed] }), end: end(1) },
    }),
  ]);
}, 180_000);
afterAll(() => cockpit.close());

async function seen(path: string): Promise<string> {
  const text = await cockpit.text(path);
  return text.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
}

describe('of a run whose runner was killed', () => {
  test('cases that were cut off are not newly failing, and not failing as before', async () => {
    const text = await seen('/environments/killed');
    expect(text).not.toContain('Newly failing');
    expect(text).toContain('Nothing: every case that came to its end has the result it had before.');
    expect(text).toContain('1 case is still not as promised, as before.');
  });

  test('cases that were cut off before are not fixed since', async () => {
    const changes = await cockpitReads(cockpit.store).changes('after', 'killed', 20);
    expect(changes.map(({ kind, count }) => [kind, count])).toEqual([['still-failing', 1]]);
  });
});

test('a case that failed before and passed only on a retry is flaky, not fixed', async () => {
  const text = await seen('/environments/retry');
  expect(text).toContain('Flaky: 1');
  expect(text).not.toContain('Fixed');
});

test('of a run without a plan nothing is compared, and its error is no case', async () => {
  const [text = ''] = (await seen('/environments/unplanned')).split('The last 2 runs');
  expect(text).toContain('Aborted: the runner was lost before its cases were planned');
  expect(text).toContain('No case of this run came to its end: there is nothing to compare.');
  expect(text).not.toMatch(/still not as promised|[1-9] error/);
});

test('beside a run that could not start nothing is new: the one before it counts', async () => {
  const text = await seen('/environments/silent');
  expect(text).not.toContain('Newly failing');
  expect(text).toContain('1 case is still not as promised, as before.');
});

test('a run whose report was not written says so, and is not green', async () => {
  const text = await seen('/environments/disk');
  expect(text).toContain('Not written: no case of 1 failed, and the report is not whole');
  expect(text).toContain('No run of this environment has been green.');
  expect(await cockpit.text('/metrics')).toContain(
    'charter_last_run_status{environment="disk",status="unwritten"} 1',
  );
});

describe('a case that was red and is not planned any more', () => {
  const told = async (run: string, before: string) => {
    const changes = await cockpitReads(cockpit.store).changes(run, before, 20);
    return changes.map(({ kind, count, cases }) => [kind, count, cases.map(({ id }) => id)]);
  };

  test('is gone, by name, with what it failed for', async () => {
    expect(await told('shrinks', 'shrinks-before')).toEqual([['gone', 1, ['red']]]);
    const text = await seen('/environments/shrinks');
    expect(text).toMatch(/Gone: failed before, not planned now: 1 C-10 red promise red alice reads/);
    expect(text).not.toContain('Nothing: every case');
    expect(await cockpit.text('/environments/shrinks')).toContain('/runs/shrinks-before/case?key=C-10%2Fred');
  });

  test('is not gone where a flag left it out, or where a shard told no plan', async () => {
    expect(await told('shrinks-by-flag', 'shrinks-before')).toEqual([]);
    expect(await told('lost-shard', 'lost-shard-before')).toEqual([['newly-failing', 1, ['shard 2/3']]]);
    expect(await told('planless', 'shrinks-before')).toEqual([]);
  });
});

describe('cases that the run before planned and this one does not', () => {
  const dropped = (run: string, before: string) => cockpitReads(cockpit.store).dropped(run, before);

  test('are counted where all was green, and that is not nothing', async () => {
    const text = await seen('/environments/narrowed');
    expect(text).toContain('2 cases of the run before are not planned any more.');
    expect(text).not.toContain('Nothing: every case');
    expect(text).toContain('Every case that came to its end has the result it had before.');
  });

  test('are counted with the red ones among them, which are told by name', async () => {
    expect(await seen('/environments/shrinks')).toContain(
      '4 cases of the run before are not planned any more, of them 1 failed before.',
    );
  });

  test('are not counted where one of the two was not planned in full', async () => {
    expect(await dropped('shrinks', 'shrinks-before')).toBe(4);
    expect(await dropped('shrinks-by-flag', 'shrinks-before')).toBe(0);
    expect(await dropped('silent-after', 'shrinks-by-flag')).toBe(0);
    expect(await dropped('narrowed', 'shrinks-before')).toBe(5);
    expect(await dropped('lost-shard', 'lost-shard-before')).toBe(0);
    expect(await dropped('lost-shard-before', 'lost-shard')).toBe(0);
    expect(await dropped('planless', 'shrinks-before')).toBe(0);
    expect(await seen('/environments/killed')).not.toContain('not planned any more');
  });
});
