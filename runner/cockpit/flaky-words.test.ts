// What the page of a case says of it is of the runs that it shows, however many other cases are flaky.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JournalEvent } from '../journal/index.ts';
import { failed, passed } from '../report/testdata/sample-run.ts';
import { runOf, type TestCockpit, testCockpit } from './testing.ts';

const end = { exitCode: 0, reason: 'completed' };
const many = Array.from({ length: 1_100 }, (_, id) => ({ id: `${id}`, attempts: [failed, passed] }));

/** Planned in two parts that both name its case, as where a campaign was read again. */
const twicePlanned = (run: string, ago: number, attempts: (typeof passed)[]): JournalEvent[] =>
  runOf({ run, ago, environment: 'twice', cases: [{ id: '1', attempts }], end }).flatMap(
    (event): JournalEvent[] =>
      event.event === 'planned'
        ? [event, { ...event, cases: event.cases.map((one) => ({ ...one, title: 'in other words' })) }]
        : [event],
  );

let cockpit: TestCockpit;
beforeAll(async () => {
  cockpit = await testCockpit([
    ...Array.from({ length: 41 }, (_, i) =>
      runOf({
        ...{ run: `night-${i}`, ago: 41 - i, environment: 'p', end },
        cases: [{ id: '1', attempts: i === 3 ? [failed, passed] : [passed] }],
      }),
    ),
    twicePlanned('twice-1', 1, [passed]),
    twicePlanned('twice-0', 0, [failed, passed]),
    runOf({ run: 'bad-night', ago: 0, environment: 'many', cases: many, end }),
  ]);
}, 180_000);
afterAll(() => cockpit.close());

test('a retry that the plot shows is told, though it is more than 30 runs ago', async () => {
  const page = await cockpit.text('/case?environment=p&key=C-10/1');
  expect(page).toContain('<a class="flaky"');
  expect(page).toMatch(/Flaky in [\d.,]+ % of 41 runs: passed only on a retry 1 time/);
});

test('a case is told flaky where a thousand others are', async () => {
  expect(await cockpit.text('/case?environment=many&key=C-10/999')).toContain('Flaky in 100 % of 1 run');
});

test('a run of two plans that name a case counts once', async () => {
  expect(await cockpit.text('/case?environment=twice&key=C-10/1')).toContain('Flaky in 50 % of 2 runs');
});
