// Two runs never overlap, whoever started them, and what they used is gone afterwards.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../eventually.ts';
import { type World, world } from '../world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(async () => w.chart.install());

interface Span {
  readonly file: string;
  readonly from: number;
  readonly to: number;
}

/** When cases ran, by journal; runs that ran none are left out. */
async function spans(): Promise<readonly Span[]> {
  const files = (await w.results.files()).filter((name) => name.endsWith('.jsonl'));
  const all = await Promise.all(
    files.map(async (file) => {
      const times = (await w.results.journal(file))
        .filter(({ event }) => event === 'case-started' || event === 'case-ended')
        .map(({ at }) => Date.parse(at));
      return times.length < 2 ? [] : [{ file, from: Math.min(...times), to: Math.max(...times) }];
    }),
  );
  return all.flat().toSorted((a, b) => a.from - b.from);
}

test('of ten Jobs at once and a tick never two run at a time; who is refused exits 6 within seconds', async () => {
  await w.results.clear();
  // All campaigns: a run must last longer than the Pods take to start one after another.
  const impatient = { lock: { waitSeconds: 0 } };
  let jobs: readonly string[] = [];
  const tick = await w.runs.ticked(async () => {
    await w.chart.install({ schedule: '* * * * *', ...impatient });
    jobs = await Promise.all(Array.from({ length: 10 }, () => w.runs.start('burst')));
  });
  // Only the schedule goes: Pods that start from now on read this configuration.
  await w.chart.install(impatient);
  const ended = await Promise.all([...jobs, tick].map((name) => w.runs.ended(name, 240)));
  const codes = ended.flatMap(({ pods }) => pods.map(({ exitCode }) => exitCode));
  expect(codes).toHaveLength(11);
  expect(codes.filter((code) => code === 0).length).toBeGreaterThanOrEqual(1);
  expect(codes.filter((code) => code !== 0 && code !== 6)).toEqual([]);
  const refused = ended.flatMap(({ pods }) => pods).find(({ exitCode }) => exitCode === 6);
  expect(refused?.log).toMatch(/the run lock .*is held by/);
  const ran = await spans();
  expect(ran).toHaveLength(codes.filter((code) => code === 0).length);
  for (const [index, span] of ran.entries()) {
    const before = ran[index - 1];
    if (before !== undefined)
      expect(span.from, `${span.file} after ${before.file}`).toBeGreaterThan(before.to);
  }
});

test('a run that finds the lock of another Job ends with 6 within 2 s', async () => {
  await w.chart.install({ lock: { waitSeconds: 0 } });
  const holder = await w.runs.start('holder');
  await eventually('the first run has the lock', { within: 60, everyMs: 100 }, async () =>
    (await w.results.files()).some((file) => file.startsWith(`charter-${holder}`)) ? {} : undefined,
  );
  const refused = await w.runs.run('refused');
  expect(refused.pods.map(({ exitCode }) => exitCode)).toEqual([6]);
  expect(refused.pods[0]?.log).toContain(holder);
  expect(refused.pods[0]?.seconds).toBeLessThanOrEqual(2);
  expect((await w.runs.ended(holder)).condition).toBe('Complete');
});

test('a run that may wait starts when the other has ended', async () => {
  await w.chart.install({ suites: ['C-10'], lock: { waitSeconds: 120 } });
  const jobs = await Promise.all([w.runs.start('first'), w.runs.start('second')]);
  const ended = await Promise.all(jobs.map((name) => w.runs.ended(name)));
  expect(ended.flatMap(({ pods }) => pods.map(({ exitCode }) => exitCode))).toEqual([0, 0]);
});

test('after their time to live no Job, no Pod and no holder is left', async () => {
  await w.chart.install({ suites: ['C-10'], ttlSecondsAfterFinished: 5 });
  const job = await w.runs.start('short-lived');
  await eventually('the Job is gone', { within: 90 }, async () => {
    const seen = await w.kube.attempt('get', 'job', job);
    return /not found/i.test(seen.stderr) ? {} : 'still there';
  });
  expect(await w.runs.pods(job)).toEqual([]);
  const lease = await w.kube.json<{ spec: { holderIdentity?: string } }>('get', 'lease', w.runs.cronJob);
  expect(lease.spec.holderIdentity ?? '').toBe('');
});
