// Whatever ends the Pod, the JUnit file on the claim is whole and says what was not run.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../kind/command.ts';
import { eventually } from '../eventually.ts';
import type { Report } from '../results.ts';
import type { Pod } from '../runs.ts';
import { summaryOf } from '../runs.ts';
import { type World, world } from '../world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(async () => w.chart.install());

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

/** Nothing that had passed is lost, nothing is green that did not run, and something says what was not run. */
async function expectTruth(pod: Pod, before: Report): Promise<Report> {
  const report = await w.results.reportOf(pod.metadata.name);
  const passed = new Set(report.cases.filter(({ verdict }) => verdict === 'passed').map(({ name }) => name));
  const lost = before.cases.filter(({ name, verdict }) => verdict === 'passed' && !passed.has(name));
  expect(lost).toEqual([]);
  expect(report.counts.err).toBeGreaterThan(0);
  expect(report.cases.some(({ name, message }) => /not run|interrupted/.test(`${name} ${message}`))).toBe(
    true,
  );
  return report;
}

test('a force-deleted Pod leaves a true report, and the Job does not call it a verdict', async () => {
  await w.chart.install();
  const { job, pod, report } = await midway('deleted');
  await w.kube.text('delete', 'pod', pod.metadata.name, '--force', '--grace-period=0');
  const ended = await w.runs.ended(job);
  await expectTruth(pod, report);
  const codes = ended.pods.map(({ exitCode }) => exitCode);
  // SIGKILL counts against backoffLimit and the replacement runs; a runner that still heard SIGTERM has said 7.
  if (ended.condition === 'Complete') expect(codes).toContain(0);
  else expect(ended.reason).toBe('PodFailurePolicy');
});

test('a container that runs out of memory leaves a report that says so or that names what was not run', async () => {
  await w.chart.install({
    resources: { requests: { memory: '64Mi' }, limits: { memory: '120Mi' } },
    backoffLimit: 0,
  });
  const job = await w.runs.run('oom');
  expect(job.condition).toBe('Failed');
  const codes = job.pods.map(({ exitCode }) => exitCode);
  expect(codes).not.toContain(0);
  for (const { name } of job.pods) {
    const reports = await w.results.reportsOf(name);
    for (const { counts } of reports) expect(counts.err + counts.fail).toBeGreaterThan(0);
  }
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
  const first = (await w.results.reportsOf(pod.metadata.name)).at(-1);
  const [last] = ended.pods;
  const counts = summaryOf(last?.log ?? '');
  expect((await w.results.reportOf(last?.name ?? '')).counts).toEqual(counts);
  // The lease ran out meanwhile (15 s): the run either found it still its own and went on, or stopped and said so.
  expect([0, 1, 4, 7]).toContain(last?.exitCode);
  if (last?.exitCode === 0) expect(counts).toMatchObject({ fail: 0, err: 0 });
  else expect(first?.counts.err).toBeGreaterThan(0);
});

test('the deadline of the Job ends it with a true report', async () => {
  await w.chart.install({ activeDeadlineSeconds: 6, config: { budgets: { runMs: 2_000_000 } } });
  const job = await w.runs.start('deadline');
  const pod = await w.runs.running(job);
  const ended = await w.runs.ended(job);
  expect(ended).toMatchObject({ condition: 'Failed', reason: 'DeadlineExceeded' });
  const report = await w.results.reportOf(pod.metadata.name);
  expect(report.counts.err).toBeGreaterThan(0);
  expect(report.cases.some(({ name, message }) => /not run|interrupted/.test(`${name} ${message}`))).toBe(
    true,
  );
});

test('an evicted Pod is replaced, and the Job ends green', async () => {
  await w.chart.install({ backoffLimit: 0 });
  const { job, pod, report } = await midway('evicted');
  await w.kube.evict(pod.metadata.name);
  const ended = await w.runs.ended(job);
  await expectTruth(pod, report);
  expect(ended.condition).toBe('Complete');
  expect(ended.pods.map(({ exitCode }) => exitCode)).toContain(0);
});
