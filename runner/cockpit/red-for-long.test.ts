// A case that is red in all runs of its history: the day of the oldest is no beginning where the run before that was red too.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failed, passed, type SampleCase } from '../report/testdata/sample-run.ts';
import { runOf, type TestCockpit, testCockpit } from './testing.ts';

type Attempts = SampleCase['attempts'];
const looked = 50;

/** One run a night, the last with `ago: 0`; `first` is the oldest. */
const nights = (environment: string, count: number, first: Attempts) =>
  Array.from({ length: count }, (_, index) => {
    const ago = count - 1 - index;
    const cases = [{ id: 'one', attempts: ago === count - 1 ? first : [failed] }];
    const end = { exitCode: 1, reason: 'completed' };
    return runOf({ run: `${environment}-${ago}`, ago, environment, cases, end });
  });

let cockpit: TestCockpit;
beforeAll(async () => {
  cockpit = await testCockpit([
    ...nights('full', looked, [failed]),
    ...nights('over-full', looked + 1, [failed]),
    ...nights('broken-then', looked + 1, [passed]),
    ...nights('cut-off-before', looked + 1, ['running']),
  ]);
}, 180_000);
afterAll(() => cockpit.close());

test.each([
  ['full', 'failing since 3 Oct 2026'],
  ['over-full', 'failing since before 3 Oct 2026'],
  ['broken-then', 'failing since 3 Oct 2026'],
  ['cut-off-before', 'failing since 3 Oct 2026'],
])('%s: %s', async (environment, words) => {
  const text = await cockpit.text(`/case?environment=${environment}&key=C-10%2Fone`);
  const seen = text.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
  expect(seen).toContain(`No pass in the last ${looked} runs: ${words}`);
});
