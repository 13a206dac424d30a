// A bad night of one environment takes no room from others, and none from cases that are flaky each night.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failed, passed } from '../report/testdata/sample-run.ts';
import { cockpitReads } from '../store/index.ts';
import { runOf, type TestCockpit, testCockpit } from './testing.ts';

const end = { exitCode: 1, reason: 'completed' };
const flaky = [failed, passed];
const ids = (count: number, prefix: string) => Array.from({ length: count }, (_, i) => `${prefix}-${i}`);
const properties = { 'image-digest': 'sha256:one', 'config-hash': 'c' };

let cockpit: TestCockpit;
beforeAll(async () => {
  const all = ids(1_000, 'all').map((id) => ({ id, attempts: flaky }));
  const quiet = (run: string, ago: number, attempts: typeof flaky) =>
    runOf({ run, ago, environment: 'quiet', cases: [{ id: '1', attempts }], end });
  const nights = [3, 2, 1].map((ago) =>
    runOf({
      ...{ run: `night-${ago}`, ago, environment: 'outage', end, properties },
      cases: [
        ...ids(2_100, 'once').map((id) => ({ id, attempts: [ago === 2 ? failed : passed] })),
        ...ids(100, 'nightly').map((id) => ({ id, attempts: flaky })),
      ],
    }),
  );
  cockpit = await testCockpit([
    runOf({ run: 'bad', ago: 0, environment: 'bad', cases: all, end }),
    ...[quiet('quiet-1', 1, [passed]), quiet('quiet-0', 0, flaky)],
    ...nights,
  ]);
}, 180_000);
afterAll(() => cockpit.close());

test('the metrics count the flaky cases of each environment', async () => {
  const metrics = await cockpit.text('/metrics');
  expect(metrics).toContain('charter_flaky_cases{environment="bad"} 1000');
  expect(metrics).toContain('charter_flaky_cases{environment="quiet"} 1');
  expect(metrics).toContain('charter_flake_rate_ratio{environment="quiet"} 0.5');
});

test('of more cases than are looked at, those that are flaky most often are', async () => {
  const worst = await cockpitReads(cockpit.store).flakes('outage', 30, 150);
  expect(worst.map(({ retried }) => retried)).toEqual([...Array(100).fill(3), ...Array(50).fill(0)]);
});

test('the page shows the worst twenty of all', async () => {
  expect((await cockpit.text('/flakes')).match(/class="name"/g)).toHaveLength(20);
});
