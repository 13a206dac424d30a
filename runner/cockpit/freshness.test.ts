// A green that is old is not green: wherever the last run is told, it says its age in a colour that promises nothing.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { failed, passed } from '../report/testdata/sample-run.ts';
import { cockpitReads } from '../store/index.ts';
import { greenWithinMs } from './freshness.ts';
import type { LastRun } from './last-run.ts';
import { mostUrgent } from './routes/overview.ts';
import { runOf, type TestCockpit, testCockpit, today } from './testing.ts';

const green = { cases: [{ id: '1', attempts: [passed] }], end: { exitCode: 0, reason: 'completed' } };
const red = { cases: [{ id: '1', attempts: [failed] }], end: { exitCode: 1, reason: 'completed' } };

const day = 24 * 3_600_000;

/** Yesterday's, begun 31 hours ago and green 25 hours ago. */
const long = runOf({ run: 'long', ago: 1, environment: 'long', ...green }).map((event) =>
  event.event === 'run-ended' ? { ...event, at: '2026-11-20T07:00:00.000Z' } : event,
);

let cockpit: TestCockpit;
beforeAll(async () => {
  cockpit = await testCockpit([
    runOf({ run: 'fresh', ago: 0, environment: 'fresh', ...green }),
    runOf({ run: 'old', ago: 3, environment: 'old', ...green }),
    long,
  ]);
}, 180_000);
afterAll(() => cockpit.close());

test('an old green is not green in JSON, and says so', async () => {
  const told = async (environment: string) => {
    const { green, stale, last } = JSON.parse(
      await cockpit.text(`/api/last-run?environment=${environment}`),
    ) as LastRun;
    return { green, stale, status: last?.status };
  };
  expect(await told('old')).toEqual({ green: false, stale: true, status: 'passed' });
  expect(await told('fresh')).toEqual({ green: true, stale: false, status: 'passed' });
});

test('a green is as old as its end: a night of many hours is not stale before the next one could be green', async () => {
  const told = JSON.parse(await cockpit.text('/api/last-run?environment=long')) as LastRun;
  expect(told).toMatchObject({
    ...{ green: true, stale: false },
    ...{ lastGreenAt: '2026-11-20T01:00:00.000Z', lastGreenEndedAt: '2026-11-20T07:00:00.000Z' },
  });
  expect(await cockpit.text('/badge.svg?environment=long')).toContain('charter long: passed<');
});

test('badge, widget and window name the age, in a neutral colour', async () => {
  const badge = await cockpit.text('/badge.svg?environment=old');
  expect(badge).toContain('charter old: passed, 3 days old');
  expect(badge).toContain('#57606a');
  expect(badge).not.toContain('#1a7f37');
  expect(await cockpit.text('/widget?environment=old')).toContain('card verdict notrun');
  const page = await cockpit.text('/environments/old');
  expect(page).toContain('/icon.svg?tone=notrun');
  expect(page).toContain('card verdict notrun');
});

test('it comes before a fresh green, and after what did not pass', async () => {
  const first = async () => JSON.parse(await cockpit.text('/api/last-run')).environment;
  expect(await first()).toBe('old');
  const list = (await cockpit.text('/environments/fresh')).split('id="environments"')[1] ?? '';
  expect(list.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')).toMatch(
    /old passed, 3 days old .* fresh passed/,
  );
  const other = await testCockpit([
    runOf({ run: 'old', ago: 3, environment: 'old', ...green }),
    runOf({ run: 'older', ago: 6, environment: 'broken', ...red }),
  ]);
  const text = await other.text('/api/last-run');
  await other.close();
  expect(JSON.parse(text).environment).toBe('broken');
});

describe('what never passed, and nobody ran for more than a week', () => {
  const refused = { cases: [], end: { exitCode: 2, reason: 'refused' } };
  let other: TestCockpit;
  beforeAll(async () => {
    const part = { ...green, properties: { selection: '--case 1' } };
    other = await testCockpit([
      runOf({ run: 'fresh', ago: 0, environment: 'fresh', ...green }),
      runOf({ run: 'once', ago: 8, environment: 'once', ...refused }),
      runOf({ run: 'part', ago: 0, environment: 'part', ...part }),
    ]);
  }, 180_000);
  afterAll(() => other.close());

  test('comes after what was run since: page, widget, badge and JSON are of that', async () => {
    expect(JSON.parse(await other.text('/api/last-run'))).toMatchObject({
      environment: 'fresh',
      green: true,
    });
    expect(await other.text('/badge.svg')).toContain('charter fresh: passed<');
    expect(await other.text('/widget')).toContain('All 1 case passed');
    expect(await other.text('/')).toContain('All 1 case passed</a></h1>');
  });

  test('is told as it was on its own page and among the metrics', async () => {
    expect(await other.text('/environments/once')).toContain('was refused before it began</a></h1>');
    expect(await other.text('/metrics')).toContain(
      'charter_last_run_status{environment="once",status="usage"} 1',
    );
  });

  test.each([
    ['until then', ['fresh', 'once'], today - 2 * day, 'once'],
    ['where it is alone', ['once'], today, 'once'],
    ['where another has only runs of a part', ['part', 'once'], today, 'once'],
    ['no more, beside a green one', ['part', 'fresh', 'once'], today, 'fresh'],
    [
      'no more, beside one that was green and is silent for months',
      ['fresh', 'once'],
      today + 90 * day,
      'fresh',
    ],
  ])('leads %s', async (_, names, now, first) => {
    const environments = (await cockpitReads(other.store).environments()).filter((one) =>
      names.includes(one.environment),
    );
    expect(environments).toHaveLength(names.length);
    expect(mostUrgent(environments, now)?.environment).toBe(first);
  });
});

test('the sample alert counts from the same instant, and waits as long', async () => {
  const file = join(import.meta.dirname, '../../docs/samples/cockpit-alerts.yaml');
  const { spec } = parse(readFileSync(file, 'utf8'));
  const [alert] = spec.groups[0].rules;
  const metrics = await cockpit.text('/metrics');
  const [, metric = ''] = /^time\(\) - (\w+) /.exec(alert.expr) ?? [];
  expect(metrics).toContain(`${metric}{environment="long"} ${Date.UTC(2026, 10, 20, 7) / 1_000}\n`);
  expect(alert.expr).toContain(`> ${greenWithinMs / 3_600_000} * 3600`);
});
