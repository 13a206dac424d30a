// A filter that was chosen stays chosen, also where the run has more campaigns or personas than a list names.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { passed } from '../report/testdata/sample-run.ts';
import { runOf, type TestCockpit, testCockpit } from './testing.ts';

let cockpit: TestCockpit;
beforeAll(async () => {
  const cases = Array.from({ length: 90 }, (_, i) => ({
    ...{ id: '1', campaign: `C-${i + 1}`, persona: `user-${String(i + 1).padStart(2, '0')}` },
    attempts: [passed],
  }));
  const end = { exitCode: 0, reason: 'completed' };
  cockpit = await testCockpit([runOf({ run: 'wide', ago: 0, cases, end })]);
}, 180_000);
afterAll(() => cockpit.close());

const chosen = async (query: string) =>
  Array.from(
    (await cockpit.text(`/runs/wide?${query}`)).matchAll(/<option selected>([^<]*)</g),
    ([, one]) => one,
  );

test.for([
  ['campaign=C-80', ['C-80']],
  ['persona=user-80', ['user-80']],
  ['campaign=C-2&persona=user-02', ['C-2', 'user-02']],
  ['campaign=C-80&persona=user-80&verdict=passed', ['passed', 'C-80', 'user-80']],
  ['text=1', []],
] as const)('%s', async ([query, expected]) => {
  expect(await chosen(query)).toEqual(expected);
});
