// A healthy platform: whoever starts the run, the verdict is green and every output says the same.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { load } from '../../kind/load.ts';
import { bringIn } from '../campaigns.ts';
import type { Values } from '../chart.ts';
import { greenRun } from '../green.ts';
import { summaryOf } from '../runs.ts';
import { suitesArchive, suitesImage } from '../suites-image.ts';
import { type World, world } from '../world.ts';

const extra = 'extra.campaign.ts';
const everyMinute = { schedule: '* * * * *' };

let w: World;
let tick: () => Promise<string>;
beforeAll(async () => {
  w = await world();
  // The tick comes while the first checks run; the run lock keeps it apart from them.
  tick = await w.runs.nextTick();
  await w.chart.install(everyMinute);
});
afterAll(async () => w.chart.install());

test('a Job made from the CronJob is green: exit 0, SUMMARY last, and the JUnit file on the claim equals it', async () => {
  const { condition, pods, report } = await greenRun(w);
  const [pod] = pods;
  expect(report.cases.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
  expect(condition).toBe('Complete');
  expect(pods).toHaveLength(1);
  expect(pod?.exitCode).toBe(0);
  const counts = summaryOf(pod?.log ?? '');
  expect(counts).toMatchObject({ fail: 0, err: 0 });
  expect(counts.pass).toBeGreaterThan(150);
  expect(summaryOf(pod?.message ?? '')).toEqual(counts);
  expect(report.counts).toEqual(counts);
});

async function expectExtraBesides(values: Values): Promise<void> {
  await w.chart.install({ ...everyMinute, ...values });
  const { pods } = await w.runs.run('extra');
  expect(pods.map(({ exitCode }) => exitCode)).toEqual([0]);
  const { cases } = await w.results.reportOf(pods[0]?.name ?? '');
  const names = cases.filter(({ verdict }) => verdict === 'passed').map(({ name }) => name);
  const charter = (await greenRun(w)).report.cases.map(({ name }) => name);
  expect(names.filter((name) => !charter.includes(name))).toEqual(['EXTRA.1 the realm publishes a key']);
  expect(charter.filter((name) => !names.includes(name))).toEqual([]);
}

test('a campaign from a ConfigMap runs beside those of the charter', async () => {
  await expectExtraBesides(await bringIn(w.kube, extra));
});

test('a campaign from an image runs beside those of the charter', async () => {
  await load([await suitesArchive(extra)], [w.worker]);
  const image = { reference: suitesImage, pullPolicy: 'Never' };
  await expectExtraBesides({ extraSuites: { image } });
});

test('the tick of the CronJob does the same', async () => {
  const name = await tick();
  await w.chart.install();
  const job = await w.runs.ended(name);
  expect(job.pods.map(({ exitCode }) => exitCode)).toEqual([0]);
  const counts = summaryOf(job.pods[0]?.log ?? '');
  expect(counts).toMatchObject({ fail: 0, err: 0, skip: 0 });
  expect(counts.pass).toBeGreaterThan(150);
  expect((await w.results.reportOf(job.pods[0]?.name ?? '')).counts).toEqual(counts);
});

test('two documented commands bring the report of a finished run', async () => {
  await w.runs.idle();
  await w.kube.text('create', 'job', `--from=cronjob/${w.runs.cronJob}-report`, 'fetch');
  try {
    const fetched = await w.runs.ended('fetch', 60);
    const newest = (await w.results.files()).filter((file) => file.endsWith('.xml')).at(-1) ?? '';
    expect(fetched.pods[0]?.log.trimEnd()).toBe((await w.results.text(newest)).trimEnd());
  } finally {
    await w.kube.remove('job', 'fetch');
  }
});
