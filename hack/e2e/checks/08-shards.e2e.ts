// An Indexed Job shares the cases among its Pods; the first merges what all of them found.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JournalEvent } from '../../../runner/journal/index.ts';
import { greenRun } from '../green.ts';
import type { ReportedCase } from '../results.ts';
import { type EndedJob, summaryOf } from '../runs.ts';
import { type World, world } from '../world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(async () => w.chart.install());

let known: Promise<EndedJob> | undefined;
function greenShards(): Promise<EndedJob> {
  known ??= (async () => {
    await w.results.clear();
    await w.chart.install({ shards: 3 });
    return w.runs.run('shards');
  })();
  return known;
}

const firstOf = ({ pods }: EndedJob) => pods.find(({ name }) => /-0-[a-z0-9]+$/.test(name));

interface Share {
  readonly events: readonly JournalEvent[];
  readonly planned: readonly string[];
  readonly failed: readonly string[];
}

/** Keys of the cases that the shards planned and that failed in them, the first shard first, each by its own journal. */
async function sharesOf({ name }: EndedJob): Promise<readonly Share[]> {
  const journals = (await w.results.files())
    .flatMap((file) => {
      const [, index] = /-(\d)of3\.jsonl$/.exec(file) ?? [];
      return file.startsWith(`charter-${name}-`) && index !== undefined ? [{ file, index }] : [];
    })
    .toSorted((a, b) => Number(a.index) - Number(b.index));
  expect(journals.map(({ index }) => index)).toEqual(['1', '2', '3']);
  return Promise.all(
    journals.map(async ({ file }) => {
      const events = (await w.results.journal(file)) as unknown as readonly JournalEvent[];
      return {
        events,
        planned: events.flatMap((one) => (one.event === 'planned' ? one.cases.map(({ key }) => key) : [])),
        failed: events.flatMap((one) =>
          one.event === 'case-ended' && one.outcome.verdict === 'failed' ? [one.key] : [],
        ),
      };
    }),
  );
}

/** W4 and W5 change what others see: the first of them begins after the last word of the other shards. */
function expectIsolated([first, ...others]: readonly Share[]): void {
  const began = first?.events.find((one) => one.event === 'case-started' && /^W[45]\//.test(one.key))?.at;
  const ended = others.map(({ events }) => events.findLast(({ event }) => event === 'case-ended')?.at);
  for (const at of ended)
    expect(Date.parse(began ?? ''), `${began} comes after ${at}`).toBeGreaterThan(Date.parse(at ?? ''));
}

test('three shards do what one Pod does: the same cases, one merged report, one SUMMARY of the whole', async () => {
  await w.chart.install();
  const whole = (await greenRun(w)).report.cases;
  const job = await greenShards();
  expect(job.condition).toBe('Complete');
  expect(job.pods.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  const files = await w.results.files();
  const merged = files.filter((file) => file.includes('merged') && file.endsWith('.xml'));
  expect(merged).toHaveLength(1);
  const report = await w.results.reportOf((merged[0] ?? '').replace(/^charter-/, '').replace(/\.xml$/, ''));
  const seen = (cases: readonly ReportedCase[]) =>
    cases.map(({ name, verdict }) => `${name}: ${verdict}`).toSorted();
  expect(whole.length).toBeGreaterThan(150);
  expect(seen(report.cases)).toEqual(seen(whole));
  expectIsolated(await sharesOf(job));
  const first = firstOf(job);
  expect(summaryOf(first?.log ?? '')).toEqual(report.counts);
  const others = job.pods.filter((pod) => pod !== first).map(({ log }) => summaryOf(log).tests);
  expect(others.every((count) => count > 0 && count < report.counts.tests)).toBe(true);
});

/** Each makes one case of the charter red. The cases are dealt out in turn and neighbours, so the first shard has one of them at most. */
const faults = [
  { fault: 'opa-missing-identity-500', key: 'W2/W2.3' },
  { fault: 'opa-group-by-substring', key: 'W2/W2.4' },
] as const;

test('one red case in a shard that is not the first makes the merged verdict red', async () => {
  const [first] = await sharesOf(await greenShards());
  const chosen = faults.find(({ key }) => first?.planned.includes(key) === false);
  if (chosen === undefined) throw new Error(`shard 1 has both: ${faults.map(({ key }) => key).join(', ')}`);
  await w.chart.install({ shards: 3, retry: 0 });
  await w.faults.set('opa', chosen.fault, 'on');
  try {
    const job = await w.runs.run('red-shards');
    const shares = await sharesOf(job);
    expect(shares[0]?.failed).toEqual([]);
    expect(shares.flatMap(({ failed }) => failed)).toEqual([chosen.key]);
    expect(job.condition).toBe('Failed');
    const merging = firstOf(job);
    expect(merging?.exitCode).toBe(1);
    expect(summaryOf(merging?.log ?? '')).toMatchObject({ fail: 1, err: 0 });
    // A verdict of theirs would end the Job, and with it the one that merges.
    const others = job.pods.filter((pod) => pod !== merging);
    expect(others.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(others.map(({ log }) => summaryOf(log).fail).toSorted()).toEqual([0, 1]);
  } finally {
    await w.faults.set('opa', chosen.fault, 'off');
  }
});
