// An Indexed Job shares the cases among its Pods; the first merges what all of them found.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { greenRun } from '../green.ts';
import type { ReportedCase } from '../results.ts';
import { summaryOf } from '../runs.ts';
import { type World, world } from '../world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(async () => w.chart.install());

test('three shards do what one Pod does: the same cases, one merged report, one SUMMARY of the whole', async () => {
  await w.chart.install();
  // Campaigns that change nothing: Pods side by side would see each other's changes.
  const whole = (await greenRun(w)).report.cases.filter(({ name }) => /^(10|12|W2)\./.test(name));
  await w.results.clear();
  await w.chart.install({ suites: ['C-10', 'C-12', 'W2'], shards: 3 });
  const job = await w.runs.run('shards');
  expect(job.condition).toBe('Complete');
  expect(job.pods.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  const files = await w.results.files();
  const merged = files.filter((file) => file.includes('merged') && file.endsWith('.xml'));
  expect(merged).toHaveLength(1);
  const report = await w.results.reportOf((merged[0] ?? '').replace(/^charter-/, '').replace(/\.xml$/, ''));
  const seen = (cases: readonly ReportedCase[]) =>
    cases.map(({ name, verdict }) => `${name}: ${verdict}`).toSorted();
  expect(whole.length).toBeGreaterThan(30);
  expect(seen(report.cases)).toEqual(seen(whole));
  const first = job.pods.find(({ name }) => /-0-[a-z0-9]+$/.test(name));
  expect(summaryOf(first?.log ?? '')).toEqual(report.counts);
  const others = job.pods.filter((pod) => pod !== first).map(({ log }) => summaryOf(log).tests);
  expect(others.every((count) => count > 0 && count < report.counts.tests)).toBe(true);
});

test('a red case in any shard makes the merged verdict red', async () => {
  await w.chart.install({ suites: ['C-10', 'C-12', 'W2'], shards: 3, retry: 0 });
  await w.faults.set('opa', 'opa-always-true', 'on');
  try {
    const job = await w.runs.run('red-shards');
    expect(job.condition).toBe('Failed');
    const first = job.pods.find(({ name }) => /-0-[a-z0-9]+$/.test(name));
    expect(first?.exitCode).toBe(1);
    expect(summaryOf(first?.log ?? '').fail).toBeGreaterThan(0);
  } finally {
    await w.faults.set('opa', 'opa-always-true', 'off');
  }
});
