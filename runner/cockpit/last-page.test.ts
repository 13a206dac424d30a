// A link to a page that is there no more, because old runs went, leads to the last one.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { passed } from '../report/testdata/sample-run.ts';
import { runOf, type TestCockpit, testCockpit } from './testing.ts';

const end = { exitCode: 0, reason: 'completed' };

let cockpit: TestCockpit;
beforeAll(async () => {
  const cases = [{ id: '1', attempts: [passed] }];
  const run = (i: number) =>
    runOf({ run: `run-${i}`, ago: i, environment: i === 0 ? 'a b' : 'other', cases, end });
  cockpit = await testCockpit(Array.from({ length: 31 }, (_, i) => run(i)));
}, 180_000);
afterAll(() => cockpit.close());

test.for([
  ['/runs?page=999', '/runs?page=2'],
  ['/runs?page=3', '/runs?page=2'],
  ['/runs?environment=a+b&page=7', '/runs?environment=a+b'],
  ['/runs?environment=nowhere&page=7', '/runs?environment=nowhere'],
] as const)('%s leads to %s', async ([path, to]) => {
  const answer = await cockpit.get(path);
  expect([answer.status, answer.headers.get('location')]).toEqual([302, to]);
  expect((await cockpit.get(to)).status).toBe(200);
});

test('the last page itself is shown', async () => {
  expect(await cockpit.text('/runs?page=2')).toContain('href="/runs/run-30"');
  expect(await cockpit.text('/runs?environment=nowhere')).toContain('No run here.');
});
