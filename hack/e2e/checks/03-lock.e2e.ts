// Two runs never overlap, whoever started them, and what they used is gone afterwards.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../kind/command.ts';
import { eventually } from '../eventually.ts';
import type { EndedJob } from '../runs.ts';
import { overlaps, spansOf } from '../spans.ts';
import { type World, world } from '../world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(async () => w.chart.install());

const codesOf = (jobs: readonly EndedJob[]) =>
  jobs.flatMap(({ pods }) => pods.map(({ exitCode }) => exitCode));

/** Seconds. Longer than the checks take to read what a Job left. */
const timeToLive = 30;
let burst: readonly string[] = [];

test('of ten Jobs at once and a tick never two run at a time; who is refused exits 6', async () => {
  await w.results.clear();
  // All campaigns: a run must last longer than the Pods take to start one after another.
  const impatient = { lock: { waitSeconds: 0 }, ttlSecondsAfterFinished: timeToLive };
  const tick = await w.runs.nextTick();
  await w.chart.install({ schedule: '* * * * *', ...impatient });
  const [jobs] = await Promise.all([
    Promise.all(Array.from({ length: 10 }, () => w.runs.start('burst'))),
    w.runs.catchUp(),
  ]);
  burst = [...jobs, await tick()];
  // Only the schedule goes: Pods that start from now on read this configuration.
  await w.chart.install(impatient);
  const ended = await w.runs.allEnded(burst, 240);
  const codes = codesOf(ended);
  expect(codes).toHaveLength(11);
  expect(codes.filter((code) => code === 0).length).toBeGreaterThanOrEqual(1);
  expect(codes.filter((code) => code !== 0 && code !== 6)).toEqual([]);
  const refused = ended.flatMap(({ pods }) => pods).find(({ exitCode }) => exitCode === 6);
  expect(refused?.log).toMatch(/the run lock .*is held by/);
  const ran = await spansOf(w.results);
  expect(ran).toHaveLength(codes.filter((code) => code === 0).length);
  expect(overlaps(ran)).toEqual([]);
});

describe('while one run has the lock and another waits for it', () => {
  let jobs: readonly string[] = [];
  beforeAll(async () => {
    await w.results.clear();
    await w.chart.install({ lock: { waitSeconds: 120 } });
    jobs = await Promise.all([w.runs.start('first'), w.runs.start('second')]);
    await eventually('one of them waits', { within: 60 }, async () => {
      const logs = await Promise.all(jobs.map((job) => w.runs.log(job)));
      return logs.some((log) => log.includes('waiting up to 120 s')) ? {} : logs.join('\n');
    });
  });

  /** The API server knows whole seconds, the node's runtime nanoseconds. */
  async function containerMs(pod: string): Promise<number> {
    const find = `crictl ps -a -q --label io.kubernetes.pod.name=${pod}`;
    const script = `crictl inspect $(${find}) | jq -r '.status | .startedAt, .finishedAt'`;
    const [from = '', to = ''] = (await run(['docker', 'exec', w.worker, 'sh', '-c', script])).split('\n');
    return Date.parse(to) - Date.parse(from);
  }

  test('a run that finds the lock of another Job ends with 6 within 2 s', async () => {
    await w.chart.install({ lock: { waitSeconds: 0 } });
    const tries: number[] = [];
    // The run that has the lock uses the same processors, and is over soon: the best of three tells, and none may be far off.
    for (let i = 0; i < 3 && !tries.some((ms) => ms <= 2_000); i++) {
      const refused = await w.runs.run('refused');
      expect(codesOf([refused])).toEqual([6]);
      expect(jobs.filter((job) => refused.pods[0]?.log.includes(job))).toHaveLength(1);
      tries.push(await containerMs(refused.pods[0]?.name ?? ''));
    }
    expect(Math.min(...tries), `milliseconds: ${tries.join(', ')}`).toBeLessThanOrEqual(2_000);
    expect(Math.max(...tries), `milliseconds: ${tries.join(', ')}`).toBeLessThanOrEqual(5_000);
  });

  test('the run that may wait starts when the other has ended', async () => {
    expect(codesOf(await w.runs.allEnded(jobs, 180))).toEqual([0, 0]);
    const ran = await spansOf(w.results);
    expect(ran).toHaveLength(2);
    expect(overlaps(ran)).toEqual([]);
  });
});

test('after their time to live no Job, no Pod and no holder is left', async () => {
  expect(burst, 'Jobs of the first check').toHaveLength(11);
  await eventually('the Jobs and their Pods are gone', { within: timeToLive + 60 }, async () => {
    const names = (await w.kube.text('get', 'jobs,pods', '--output', 'name')).split('\n');
    const left = names.filter((name) => burst.some((job) => name.includes(`/${job}`)));
    return left.length === 0 ? {} : left.join(', ');
  });
  const lease = await w.kube.json<{ spec: { holderIdentity?: string } }>('get', 'lease', w.runs.cronJob);
  expect(lease.spec.holderIdentity ?? '').toBe('');
});
