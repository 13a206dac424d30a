// Whatever ends the Pod, the JUnit file on the claim is whole and says what was not run; and the lock goes to whom it belongs.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../kind/command.ts';
import { bringIn } from '../campaigns.ts';
import { eventually } from '../eventually.ts';
import { killContainer } from '../inside.ts';
import type { Report } from '../results.ts';
import type { Pod } from '../runs.ts';
import { summaryOf } from '../runs.ts';
import { overlaps, spansOf } from '../spans.ts';
import { type World, world } from '../world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(async () => {
  // A check that was red may leave a holder that is dead for a long time.
  await w.kube.text(
    'patch',
    'lease',
    w.runs.cronJob,
    '--type=merge',
    '--patch',
    '{"spec":{"holderIdentity":""}}',
  );
  await w.chart.install();
});

/** A run in the middle of its cases. */
async function midway(purpose: string, within = 60): Promise<{ job: string; pod: Pod; report: Report }> {
  const job = await w.runs.start(purpose);
  const pod = await w.runs.running(job);
  const report = await eventually(`${purpose} is midway`, { within, everyMs: 150 }, async () => {
    const [live] = await w.results.reportsOf(pod.metadata.name);
    if (live === undefined || live.counts.pass < 5) return `${live?.counts.pass ?? 'no'} cases passed`;
    return live;
  });
  return { job, pod, report };
}

/** Nothing that had passed is lost, nothing is green that did not run, and something says so in these words. */
async function expectTruth(pod: Pod, before: Report, words = /not run|interrupted/): Promise<Report> {
  const report = await w.results.reportOf(pod.metadata.name);
  const passed = new Set(report.cases.filter(({ verdict }) => verdict === 'passed').map(({ name }) => name));
  const lost = before.cases.filter(({ name, verdict }) => verdict === 'passed' && !passed.has(name));
  expect(lost).toEqual([]);
  expect(report.counts.err).toBeGreaterThan(0);
  const told = report.cases.map(({ name, message }) => `${name} ${message}`);
  expect(told.filter((one) => words.test(one)).length, `cases that say ${words}`).toBeGreaterThan(0);
  return report;
}

/** The cases of a Job's Pods never ran at the same time; so many Pods ran some, or at least one where chance decides. */
async function expectApart(job: string, pods?: number): Promise<void> {
  const spans = await spansOf(w.results, job);
  if (pods === undefined) expect(spans.length).toBeGreaterThanOrEqual(1);
  else expect(spans).toHaveLength(pods);
  expect(overlaps(spans)).toEqual([]);
}

/** Nobody but the same Job gets the lock while the check lasts. */
const forTheJobAlone = { lock: { waitSeconds: 0, leaseSeconds: 600 } };

/** For the Pod that replaces another: who runs and when is all that is left to see, and a Pod reads its configuration when it starts. */
const fewerCases = { suites: ['C-10'] };

test('a force-deleted Pod leaves a true report, and the Job does not call it a verdict', async () => {
  await w.chart.install(forTheJobAlone);
  const { job, pod, report } = await midway('deleted');
  await w.kube.text('delete', 'pod', pod.metadata.name, '--force', '--grace-period=0');
  const ended = await w.runs.ended(job);
  await expectTruth(pod, report);
  await expectApart(job);
  const codes = ended.pods.map(({ exitCode }) => exitCode);
  // SIGKILL counts against backoffLimit and the replacement runs; a runner that still heard SIGTERM has said 7.
  if (ended.condition === 'Complete') expect(codes).toContain(0);
  else expect(ended.reason).toBe('PodFailurePolicy');
});

test('a container that runs out of memory leaves a report that names who was killed or what was not run', async () => {
  await w.chart.install({ ...(await bringIn(w.kube, 'greedy.campaign.ts')), backoffLimit: 0, retry: 0 });
  const { job, pod, report } = await midway('oom');
  const ended = await w.runs.ended(job);
  expect(ended.condition).toBe('Failed');
  const [dead] = ended.pods;
  expect(dead?.reason).toBe('OOMKilled');
  // The kernel kills the whole container, or (cgroup v1) its biggest process: then the runner has seen it, and goes on.
  expect([4, 137]).toContain(dead?.exitCode);
  const { cases, counts } = await expectTruth(pod, report, /GREEDY\.1 .*the worker died|not run/s);
  expect(counts.fail).toBe(0);
  expect(cases.filter(({ name, verdict }) => name.startsWith('GREEDY.1') && verdict === 'passed')).toEqual(
    [],
  );
});

test('a node that stands still for 20 s delays the run and spoils nothing', async () => {
  await w.chart.install();
  const { job, pod } = await midway('paused');
  await run(['docker', 'pause', w.worker]);
  try {
    await new Promise((resolve) => setTimeout(resolve, 20_000));
  } finally {
    await run(['docker', 'unpause', w.worker]);
  }
  const ended = await w.runs.ended(job, 240);
  const first = await w.results.reportOf(pod.metadata.name);
  const last = ended.pods.at(-1);
  const counts = summaryOf(last?.log ?? '');
  expect((await w.results.reportOf(last?.name ?? '')).counts).toEqual(counts);
  await expectApart(job);
  // The lease ran out meanwhile (20 s): the run either found it still its own and went on, or stopped and said so. The platform is well.
  expect(first.counts.fail).toBe(0);
  expect(counts.fail).toBe(0);
  expect([0, 4, 7]).toContain(last?.exitCode);
  if (last?.exitCode === 0) expect(counts.err).toBe(0);
  else expect(first.counts.err).toBeGreaterThan(0);
});

test('the deadline of the Job ends it with a true report', async () => {
  await w.chart.install();
  const { job, pod, report } = await midway('deadline');
  // The value of the chart comes true here and now: a fixed time would race the start of the Pod.
  await w.kube.text('patch', 'job', job, '--type=merge', '--patch', '{"spec":{"activeDeadlineSeconds":1}}');
  const ended = await w.runs.ended(job);
  expect(ended).toMatchObject({ condition: 'Failed', reason: 'DeadlineExceeded' });
  await expectTruth(pod, report);
});

test('an evicted Pod is replaced, and the Job ends green', async () => {
  const values = { ...forTheJobAlone, backoffLimit: 0 };
  await w.chart.install(values);
  const { job, pod, report } = await midway('evicted');
  await w.kube.evict(pod.metadata.name);
  await w.chart.install({ ...values, ...fewerCases });
  const ended = await w.runs.ended(job);
  await expectTruth(pod, report);
  expect(ended.condition).toBe('Complete');
  expect(ended.pods.map(({ exitCode }) => exitCode)).toContain(0);
  await expectApart(job, 2);
});

test('the lock of a killed Pod is inherited by its successor and by nobody else, and the Job ends green', async () => {
  const values = { ...forTheJobAlone, backoffLimit: 1 };
  await w.chart.install(values);
  const { job, pod, report } = await midway('killed');
  await killContainer(w.worker, pod.metadata.name);
  await w.chart.install({ ...values, ...fewerCases });
  const stranger = await w.runs.run('stranger');
  expect(stranger.pods.map(({ exitCode }) => exitCode)).toEqual([6]);
  const ended = await w.runs.ended(job);
  await expectTruth(pod, report);
  expect(ended.condition).toBe('Complete');
  expect(ended.pods.map(({ exitCode }) => exitCode)).toEqual([137, 0]);
  await expectApart(job, 2);
});

test('the lock of a Job that died is taken over after the lease time, and not before', async () => {
  const leaseSeconds = 15;
  const lock = { waitSeconds: 120, leaseSeconds };
  await w.chart.install({ ...(await bringIn(w.kube, 'endless.campaign.ts')), lock, backoffLimit: 0 });
  const { pod } = await midway('dead');
  await w.chart.install({ lock, ...fewerCases });
  const heir = await w.runs.start('heir');
  await eventually('the next run waits', { within: 60 }, async () => {
    const log = await w.runs.log(heir);
    return log.includes('waiting up to 120 s') ? {} : log;
  });
  const { spec } = await w.kube.json<{ spec: { renewTime: string } }>('get', 'lease', w.runs.cronJob);
  await killContainer(w.worker, pod.metadata.name);
  const ended = await w.runs.ended(heir);
  expect(ended.pods.map(({ exitCode }) => exitCode)).toEqual([0]);
  const [span] = await spansOf(w.results, heir);
  const free = Date.parse(spec.renewTime) + leaseSeconds * 1_000;
  expect(span?.from).toBeGreaterThanOrEqual(free);
  expect(span?.from, 'soon after it is free').toBeLessThanOrEqual(free + 15_000);
});
