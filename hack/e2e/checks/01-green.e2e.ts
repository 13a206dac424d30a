// A healthy platform: whoever starts the run, the verdict is green and every output says the same.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { summaryOf } from '../runs.ts';
import { type World, world } from '../world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(async () => w.chart.install());

test('a Job made from the CronJob is green: exit 0, SUMMARY last, and the JUnit file on the claim equals it', async () => {
  await w.chart.install();
  const job = await w.runs.run('manual');
  const [pod] = job.pods;
  expect(job.condition).toBe('Complete');
  expect(job.pods).toHaveLength(1);
  expect(pod?.exitCode).toBe(0);
  const counts = summaryOf(pod?.log ?? '');
  expect(counts).toMatchObject({ fail: 0, err: 0 });
  expect(counts.pass).toBeGreaterThan(150);
  expect(summaryOf(pod?.message ?? '')).toEqual(counts);
  const report = await w.results.reportOf(pod?.name ?? '');
  expect(report.counts).toEqual(counts);
  expect(report.cases.filter(({ verdict }) => verdict === 'skipped')).toEqual([]);
});

test('two documented commands bring the report of a finished run', async () => {
  await w.kube.text('create', 'job', `--from=cronjob/${w.runs.cronJob}-report`, 'fetch');
  try {
    const fetched = await w.runs.ended('fetch', 60);
    const newest = (await w.results.files()).filter((file) => file.endsWith('.xml')).at(-1) ?? '';
    expect(fetched.pods[0]?.log.trimEnd()).toBe((await w.results.text(newest)).trimEnd());
  } finally {
    await w.kube.remove('job', 'fetch');
  }
});

test('the tick of the CronJob does the same', async () => {
  const tick = await w.runs.ticked(() => w.chart.install({ schedule: '* * * * *', suites: ['C-10'] }));
  await w.chart.install();
  const job = await w.runs.ended(tick);
  expect(job.pods.map(({ exitCode }) => exitCode)).toEqual([0]);
  const counts = summaryOf(job.pods[0]?.log ?? '');
  expect(counts).toMatchObject({ fail: 0, err: 0, skip: 0 });
  expect((await w.results.reportOf(job.pods[0]?.name ?? '')).counts).toEqual(counts);
});
