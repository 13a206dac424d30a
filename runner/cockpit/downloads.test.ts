// A report downloaded from the cockpit is the report that the run wrote, byte by byte.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fold } from '../journal/index.ts';
import { ctrfText, junit } from '../report/index.ts';
import { everything, failed, passed } from '../report/testdata/sample-run.ts';
import { runOf, type TestCockpit, testCockpit } from './testing.ts';

const end = { exitCode: 7, reason: 'interrupted by SIGTERM' };
const runs = {
  'everything that a report can hold': runOf({ run: 'whole', ago: 0, ...everything, end }),
  'a run that was killed': runOf({ run: 'killed', ago: 1, ...everything }),
  'one without a plan': runOf({
    run: 'planless',
    ago: 2,
    cases: [],
    end: { exitCode: 2, reason: 'refused' },
  }),
  'one whose plan came late': runOf({
    run: 'late',
    ago: 3,
    cases: [{ id: '1.1', attempts: [failed, passed] }],
    end: { exitCode: 0, reason: 'completed' },
  }).toSorted((a, b) => Number(a.event === 'planned') - Number(b.event === 'planned')),
};

let cockpit: TestCockpit;
beforeAll(async () => {
  cockpit = await testCockpit(Object.values(runs));
}, 180_000);
afterAll(() => cockpit.close());

test.each(Object.entries(runs).slice(0, 3))('%s', async (_, events) => {
  const state = fold(events);
  expect(await cockpit.text(`/runs/${state.run}/junit.xml`)).toBe(junit(state));
  expect(await cockpit.text(`/runs/${state.run}/ctrf.json`)).toBe(ctrfText(state));
});

test('where the plan came late the same cases stand in the same order', async () => {
  expect(await cockpit.text('/runs/late/junit.xml')).toContain('name="1.1 promise 1.1"');
});
