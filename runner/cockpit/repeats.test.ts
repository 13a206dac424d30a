// One case repeated by hand, fifty times: what the nights before have shown stays in sight.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failed, passed } from '../report/testdata/sample-run.ts';
import { cockpitReads } from '../store/index.ts';
import { runOf, type TestCockpit, testCockpit } from './testing.ts';

const end = { exitCode: 0, reason: 'completed' };
const nights = [3, 2, 1].map((ago) => {
  const cases = ['1', '2'].map((id) => ({ id, attempts: id === '2' ? [failed, passed] : [passed] }));
  return runOf({ run: `night-${ago}`, ago, environment: 'p', cases, end });
});
const repeats = Array.from({ length: 50 }, (_, i) =>
  runOf({
    ...{ run: `repeat-${i}`, ago: 0.9 - i / 100, environment: 'p', end },
    cases: [{ id: '1', attempts: [passed] }],
    properties: { selection: '--case 1' },
  }),
);
const removed = runOf({
  ...{ run: 'long-ago', ago: 90, environment: 'p', end },
  cases: [{ id: 'removed', title: 'a promise of old', attempts: [passed] }],
});
const others = Array.from({ length: 60 }, (_, i) =>
  runOf({ run: `later-${i}`, ago: 80 - i, environment: 'p', cases: [{ id: '1', attempts: [passed] }], end }),
);

let cockpit: TestCockpit;
beforeAll(async () => {
  cockpit = await testCockpit([removed, ...others, ...nights, ...repeats]);
}, 180_000);
afterAll(() => cockpit.close());

describe('after fifty repeats of another case, a case that was flaky each night', () => {
  test('is on the page of flaky cases, and in the metrics', async () => {
    expect(await cockpit.text('/flakes?environment=p')).toContain('promise 2');
    expect(await cockpit.text('/metrics')).toContain('charter_flaky_cases{environment="p"} 1');
  });

  test('has a page with its nights', async () => {
    const page = await cockpit.text('/case?environment=p&key=C-10/2');
    expect(page).toMatch(/night-1[\s\S]*Flaky in 100 %|Flaky in 100 %[\s\S]*night-1/);
  });
});

test('the strip shows nights beside the repeats, and no more bars than before', async () => {
  const page = await cockpit.text('/environments/p');
  expect(page).toContain('href="/runs/night-1"');
  expect(page.match(/<a class="passed part"/g)).toHaveLength(10);
  expect(page.match(/<rect /g)).toHaveLength(30);
});

test('runs of a part come on top, no more than half as many, none from before the nights looked at', async () => {
  const { history } = cockpitReads(cockpit.store);
  const runsOf = async (limit: number) =>
    (await history('p', ['C-10/1'], limit)).get('C-10/1')?.map(({ run }) => run.split('-')[0]);
  const [night, later, repeat] = ['night', 'later', 'repeat'].map(
    (name) => (n: number) => Array(n).fill(name),
  );
  expect(await runsOf(2)).toEqual([...(night?.(2) ?? []), ...(repeat?.(1) ?? [])]);
  expect(await runsOf(10)).toEqual([...(later?.(7) ?? []), ...(night?.(3) ?? []), ...(repeat?.(5) ?? [])]);
});

test('where there are few whole runs, parts fill the rest', async () => {
  const part = { environment: 'q', cases: [{ id: '1', attempts: [passed] }], end };
  const other = await testCockpit([
    runOf({ ...part, run: 'only-night', ago: 1 }),
    ...Array.from({ length: 9 }, (_, i) =>
      runOf({ ...part, run: `part-${i}`, ago: 2 - i / 5, properties: { selection: '--case 1' } }),
    ),
  ]);
  const { history } = cockpitReads(other.store);
  const points = (await history('q', ['C-10/1'], 8)).get('C-10/1');
  await other.close();
  expect(points).toHaveLength(8);
});

test('a case that no run of late has planned still has a page; one that nobody ever planned has none', async () => {
  const page = await cockpit.text('/case?environment=p&key=C-10/removed');
  expect(page).toContain('a promise of old');
  expect(page).toContain('It was in none of the last 50 runs of the whole charter');
  expect((await cockpit.get('/case?environment=p&key=C-10/never')).status).toBe(404);
  expect((await cockpit.get('/case?environment=elsewhere&key=C-10/removed')).status).toBe(404);
});
