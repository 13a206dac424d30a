// What other pages and programs are told: however a run ended, JSON, badge, fragment and metrics say it alike.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  failed,
  noPassword,
  passed,
  type SampleRun,
  unreachable,
  writesOff,
} from '../report/testdata/sample-run.ts';
import type { RunStatus } from '../store/index.ts';
import { pushEvents } from '../store/write/push.ts';
import { assets } from './assets.ts';
import type { LastRun } from './last-run.ts';
import { runOf, type TestCockpit, testCockpit, today } from './testing.ts';

const end = (exitCode: number) => ({ exitCode, reason: 'completed' });
const one = (...attempts: SampleRun['cases'][number]['attempts']) => [{ id: '1', attempts }];

const mixed: SampleRun['cases'] = [
  { id: '1', attempts: [passed] },
  { id: '2', attempts: [failed, passed] },
  { id: '3', attempts: [failed] },
  { id: '4', attempts: [unreachable] },
  { id: '5', attempts: [noPassword] },
  { id: '6', attempts: [writesOff] },
];

/** How the last run of the environment of that name ended, and what is said of it. */
const endings: Readonly<
  Record<Exclude<RunStatus, 'running'>, SampleRun & { readonly words: string; readonly colour: string }>
> = {
  passed: { cases: one(passed), end: end(0), words: 'passed', colour: '#1a7f37' },
  failed: { cases: mixed, end: end(1), words: 'failed', colour: '#c1121f' },
  errors: { cases: one(unreachable), end: end(4), words: 'errors', colour: '#8250df' },
  'nothing-proven': { cases: one(noPassword), end: end(3), words: 'nothing proven', colour: '#57606a' },
  usage: { cases: [], end: end(2), words: 'refused', colour: '#8250df' },
  unwritten: { cases: one(passed), end: end(5), words: 'not written', colour: '#8250df' },
  interrupted: { cases: one(), end: end(7), words: 'interrupted', colour: '#8250df' },
  aborted: { cases: one('running'), words: 'aborted', colour: '#8250df' },
};
const statuses = Object.keys(endings) as (keyof typeof endings)[];
const startedAt = '2026-11-21T01:00:00.000Z';
const greenAt = '2026-11-20T01:00:00.000Z';

let cockpit: TestCockpit;
beforeAll(async () => {
  const green = (environment: string) =>
    runOf({ run: `${environment}-green`, ago: 1, environment, cases: one(passed), end: end(0) });
  cockpit = await testCockpit([
    ...statuses.map((status) => runOf({ run: status, ago: 0, environment: status, ...endings[status] })),
    green('failed'),
    green('running'),
  ]);
  const goesOn = async (run: string, cases: SampleRun['cases']) => {
    const events = runOf({ run, ago: 0, environment: run, cases });
    const told = cases.length === 0 ? events.filter(({ event }) => event !== 'planned') : events;
    await pushEvents(cockpit.store, told, { n: 1, staleMs: 3_600_000 });
  };
  await goesOn('running', [...one(passed), ...['2', '3', '4'].map((id) => ({ id, attempts: [] }))]);
  const tried: SampleRun['cases'] = [
    { id: '5', attempts: ['running'] },
    { id: '6', attempts: [] },
  ];
  await goesOn('going', [
    ...[passed, failed, unreachable].map((end, i) => ({ id: `${i}`, attempts: [end] })),
    ...tried,
  ]);
  await goesOn('planning', []);
}, 180_000);
afterAll(() => cockpit.close());

const lastRun = async (environment: string) =>
  JSON.parse(await cockpit.text(`/api/last-run?environment=${environment}`)) as LastRun;

describe('/api/last-run', () => {
  test.each(statuses)('of a run that is %s', async (status) => {
    const { environment, green, last, running } = await lastRun(status);
    expect({ environment, green, running }).toEqual({
      ...{ environment: status, green: status === 'passed', running: null },
    });
    expect(last).toMatchObject({ run: status, status, path: `/runs/${status}` });
    expect(last?.exitCode).toBe(endings[status].end?.exitCode ?? null);
    expect(last?.sentence).not.toBe('');
  });

  test('holds the counts and times of the last run', async () => {
    const { lastGreenAt, last } = await lastRun('failed');
    expect(lastGreenAt).toBe(greenAt);
    expect(last).toEqual({
      ...{ run: 'failed', status: 'failed', sentence: '1 failed, 1 error of 6 cases', path: '/runs/failed' },
      ...{ startedAt, endedAt: '2026-11-21T01:00:15.000Z', durationMs: 15_000, exitCode: 1 },
      counts: { tests: 6, pass: 2, fail: 1, err: 1, skip: 2 },
      ...{ flaky: 1, notRun: 0, unplannedSkips: 1, selection: null },
    });
  });

  test('tells the run that goes on beside the one that is over', async () => {
    const { stale, last, running } = await lastRun('running');
    expect([stale, last?.run]).toEqual([true, 'running-green']);
    expect(running).toMatchObject({ run: 'running', status: 'running', endedAt: null, exitCode: null });
    expect(running).toMatchObject({ done: 1, planned: 4, sentence: 'Running: 1 of 4 cases' });
    expect(running?.etaMs).toBe((running?.durationMs ?? 0) * 3);
  });

  test.each(['going', 'planning'])(
    'of a run that is %s takes nothing that is to come for an error',
    async (run) => {
      const { running } = await lastRun(run);
      const none = { tests: 0, pass: 0, fail: 0, err: 0, skip: 0 };
      expect([running?.status, running?.counts, running?.toCome]).toEqual(
        run === 'going'
          ? ['running', { tests: 3, pass: 1, fail: 1, err: 1, skip: 0 }, 2]
          : ['running', none, 0],
      );
    },
  );

  test('without an environment is of the one that needs a look', async () => {
    const { environment, green } = JSON.parse(await cockpit.text('/api/last-run')) as LastRun;
    expect([statuses.includes(environment as (typeof statuses)[number]), green]).toEqual([true, false]);
    expect((await cockpit.get('/api/last-run?environment=none')).status).toBe(404);
  });
});

describe('/badge.svg', () => {
  test.each(statuses)('of a run that is %s', async (status) => {
    const answer = await cockpit.get(`/badge.svg?environment=${status}`);
    expect(answer.headers.get('Content-Type')).toContain('image/svg+xml');
    const text = await answer.text();
    expect(text).toContain(`aria-label="charter ${status}: ${endings[status].words}"`);
    expect(text).toContain(`fill="${endings[status].colour}"`);
  });

  test('is of the last run that is over, also while another goes on', async () => {
    expect(await cockpit.text('/badge.svg?environment=running')).toContain(
      '"charter running: passed, 30 h old"',
    );
  });
});

describe('/widget/fragment', () => {
  const plain = async (environment: string) =>
    (await cockpit.text(`/widget/fragment?environment=${environment}`)).replaceAll(/<[^>]+>|\s+/g, ' ');

  test.each(statuses)('says of a run that is %s what JSON says', async (status) => {
    const { last } = await lastRun(status);
    expect(await plain(status)).toContain(` ${last?.sentence} `);
  });

  test('is a piece of a page: words, time, numbers, and links that leave a frame', async () => {
    const text = await cockpit.text('/widget/fragment?environment=failed');
    expect(text).toMatch(/^<section class="card verdict failed charter-widget"/);
    expect(text).not.toMatch(/<html|<head|<body|<script/);
    expect(text).toContain('<a href="/runs/failed" target="_top">1 failed, 1 error of 6 cases</a>');
    expect(text).toContain(`<time datetime="${startedAt}">`);
    expect(await plain('failed')).toMatch(/ 1 +failed +1 +error +1 +flaky +2 +skipped +2 +passed /);
  });

  test('tells the run that goes on', async () => {
    const text = await cockpit.text('/widget/fragment?environment=running');
    expect(text).toContain('<a href="/runs/running/live" target="_top">Running: 1 of 4 cases</a>');
    expect(await plain('going')).not.toMatch(/error/);
    expect((await cockpit.get('/widget/fragment?environment=none')).status).toBe(404);
  });
});

describe('/widget', () => {
  test('loads again as pages do: by the script, which keeps what is shown while nobody answers, or without one', async () => {
    const answer = await cockpit.get('/widget?environment=failed');
    expect(answer.headers.get('Refresh')).toBeNull();
    const text = await answer.text();
    expect(text).toContain('<html lang="en" data-refresh="120">');
    expect(text).toContain(`<script src="${assets.script.path}" defer></script>`);
    expect(text).toContain('<noscript><meta http-equiv="refresh" content="120"></noscript>');
  });
});

describe('/metrics', () => {
  /** Values by what stands before them in a scrape. */
  async function scraped(): Promise<ReadonlyMap<string, number>> {
    const lines = (await cockpit.text('/metrics')).split('\n').filter((line) => /^[a-z]/.test(line));
    return new Map(lines.map((line) => [line.replace(/ \S+$/, ''), Number(/\S+$/.exec(line)?.[0])]));
  }
  const seconds = (at: string) => Date.parse(at) / 1_000;
  const expected: Readonly<Record<string, number>> = {
    'charter_last_run_start_timestamp_seconds{environment="failed"}': seconds(startedAt),
    'charter_last_run_age_seconds{environment="failed"}': today / 1_000 - seconds(startedAt),
    'charter_last_run_duration_seconds{environment="failed"}': 15,
    'charter_last_run_cases{environment="failed",verdict="passed"}': 2,
    'charter_last_run_cases{environment="failed",verdict="failed"}': 1,
    'charter_last_run_cases{environment="failed",verdict="error"}': 1,
    'charter_last_run_cases{environment="failed",verdict="skipped"}': 2,
    'charter_last_run_flaky_cases{environment="failed"}': 1,
    'charter_last_run_unplanned_skips{environment="failed"}': 1,
    'charter_last_green_run_timestamp_seconds{environment="failed"}': seconds(greenAt),
    'charter_last_green_run_timestamp_seconds{environment="errors"}': 0,
    'charter_last_green_run_end_timestamp_seconds{environment="errors"}': 0,
    'charter_run_in_progress{environment="failed"}': 0,
    'charter_run_in_progress{environment="running"}': 1,
    'charter_run_progress_ratio{environment="running"}': 0.25,
    'charter_run_progress_ratio{environment="going"}': 0.6,
    'charter_run_progress_ratio{environment="planning"}': 0,
    'charter_flaky_cases{environment="failed"}': 1,
    'charter_flaky_cases{environment="passed"}': 0,
    'charter_flake_rate_ratio{environment="failed"}': 1,
    'charter_flake_rate_ratio{environment="passed"}': 0,
  };

  test.each(Object.entries(expected))('%s is %d', async (series, value) => {
    expect((await scraped()).get(series)).toBe(value);
  });

  test('the status of each environment is one of all that there are', async () => {
    const found = await scraped();
    for (const environment of statuses) {
      const states = statuses.map((status) => [
        status,
        found.get(`charter_last_run_status{environment="${environment}",status="${status}"}`),
      ]);
      expect(states).toEqual(statuses.map((status) => [status, status === environment ? 1 : 0]));
    }
  });

  const namesOf = (series: Iterable<string>) => [
    ...new Set([...series].map((name) => name.replace(/\{.*/, ''))),
  ];

  test('no metric is told that nothing here asks for', async () => {
    const asked = [...namesOf(Object.keys(expected)), 'charter_last_run_status'];
    expect(namesOf((await scraped()).keys()).toSorted()).toEqual(asked.toSorted());
  });

  test('the sample alerts ask for metrics and states that there are', async () => {
    const file = join(import.meta.dirname, '..', '..', 'docs', 'samples', 'cockpit-alerts.yaml');
    const expressions = readFileSync(file, 'utf8').match(/(?<=expr: ).*/g) ?? [];
    const asks = expressions.map((words) => words.match(/\bcharter_\w+/g) ?? []);
    expect(asks).not.toContainEqual([]);
    const asked = asks.flat();
    const there = namesOf((await scraped()).keys());
    expect(asked.filter((name) => !there.includes(name))).toEqual([]);
    const states = expressions.flatMap((words) => words.match(/(?<=status=")[^"]+/g) ?? []);
    expect(states.filter((state) => !(state in endings))).toEqual([]);
  });
});
