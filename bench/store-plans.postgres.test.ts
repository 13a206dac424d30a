// What everybody asks first is found by indexes, however many runs were lost, and with a Job for each run, as in a cluster.
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { JournalEvent } from '../runner/journal/index.ts';
import { openStore } from '../runner/store/index.ts';
import { onPostgres } from '../runner/store/testing/each-store.ts';
import { at, cases } from '../runner/store/testing/told-run.ts';
import { fillWithRuns } from '../runner/store/testing.ts';
import { pushEvents } from '../runner/store/write/push.ts';
import { readingsOf } from './store-plans.ts';

onPostgres((server) => {
  test('no question over many runs walks through all runs or all beats', {
    timeout: 120_000,
  }, async () => {
    const store = await openStore(server().place(), { schema: 'migrate' });
    try {
      const environments = Array.from({ length: 20 }, (_, i) => `platform-${i}`);
      await fillWithRuns(store, { runs: 6_000, casesPerRun: 2, environments });
      // Fifty were lost after 200 beats each, and one goes on.
      await sql`with gone as (delete from charter.run_end where substr(run_id, 5)::integer % 120 = 7 returning *)
        insert into charter.beat
        select run_id, n, case run_id when 'gen-000007' then now() else ended_at end + n * interval '1 second', 60000
        from gone, generate_series(1, 200) n`.execute(store.db);
      // One platform knows only campaigns of its own; of each other one half of the runs are a part of the charter.
      await sql`update charter.run set properties = case
          when environment = 'platform-5' then '{"suites": "--suites mine"}'
          when substr(id, 5)::integer % 40 < 20 then '{"suites": "charter", "selection": "--case 1"}'
          else '{"suites": "charter"}' end::json`.execute(store.db);
      await sql`vacuum analyze`.execute(store.db);
    } finally {
      await store.close();
    }
    const seen: (string | undefined)[] = [];
    const first = await readingsOf(server().place(), (reads) => ({
      platforms: async () => seen.push(...(await reads.environments()).map(({ running }) => running?.run)),
      runs: () => reads.runs({}, { limit: 30, offset: 270 }),
      'runs of one platform': () => reads.runs({ environment: 'platform-3' }, { limit: 30, offset: 0 }),
      'strip of one platform': () => reads.recent('platform-3', 30),
    }));
    const answers: number[] = [];
    const overRuns = await readingsOf(server().place(), (reads) => ({
      'a case': async () =>
        answers.push((await reads.history('platform-3', ['G-1/1'], 100)).get('G-1/1')?.length ?? 0),
      'whether one is flaky': async () =>
        answers.push((await reads.flakes('platform-3', 100, 50, 'G-1/1')).length),
      'what it is called': async () => answers.push((await reads.named('platform-3', 'G-1/1')) ? 1 : 0),
      'flaky cases': async () => answers.push((await reads.flakes('platform-3', 100, 50)).length),
    }));
    // A hundred of the whole charter, and fifty of a part.
    expect(answers).toEqual([150, 1, 1, 2]);
    expect(seen.filter((run) => run !== undefined)).toEqual(['gen-000007']);
    expect([...first, ...overRuns].flatMap(({ walks }) => walks)).toEqual([]);
    expect(first.filter(({ rows }) => rows > 2_000)).toEqual([]);
    // Of the platform's 300 runs the newest 200, found among those of all.
    expect(overRuns.filter(({ rows }) => rows > 12_000)).toEqual([]);
    expect(first[0]?.indexes).toContain('beat_by_staleness');
  });

  test('a plan for each run, as after edits of a campaign, makes the history of a case no dearer', {
    timeout: 60_000,
  }, async () => {
    const store = await openStore(server().place(), { schema: 'migrate' });
    try {
      await fillWithRuns(store, { runs: 400, casesPerRun: 200, environments: ['edited'] });
      await sql`with edited as (insert into charter.plan select md5(r.id)::uuid, 200 from charter.run r
          where r.environment = 'edited' returning *)
        insert into charter.plan_case
        select e.id, c.position, c.case_id, c.key, c.campaign, c.id, c.persona, c.title, c.file, c.line, c.tags, c.targets
        from edited e, charter.plan_case c where c.plan_id = (
          select plan_id from charter.run_plan join charter.run on run.id = run_id where environment = 'edited' limit 1)`.execute(
        store.db,
      );
      await sql`update charter.run_plan set plan_id = md5(run_id)::uuid
        where run_id in (select id from charter.run where environment = 'edited')`.execute(store.db);
      await sql`vacuum analyze`.execute(store.db);
    } finally {
      await store.close();
    }
    const [reading] = await readingsOf(server().place(), (reads) => ({
      'a case': () => reads.history('edited', ['G-1/7'], 100),
    }));
    expect(reading?.walks).toEqual([]);
    expect(reading?.rows).toBeLessThan(2_000);
  });

  test('the first run of a database reads its cases, and not each of them for each: nobody has counted them yet', {
    timeout: 60_000,
  }, async () => {
    const store = await openStore(server().place(), { schema: 'migrate' });
    const planned = cases(1_000);
    const skipped = planned.flatMap(({ key }): JournalEvent[] => [
      { event: 'case-started', at: at(), key, attempt: 1 },
      {
        ...{ event: 'case-ended', at: at(), key, attempt: 1, durationMs: 1 },
        outcome: { verdict: 'skipped', reason: 'nobody asked', planned: false },
      },
    ]);
    try {
      await pushEvents(store, [
        { event: 'run-started', at: at(), run: 'young', host: 'h', environment: 'young', properties: {} },
        { event: 'planned', at: at(), cases: planned },
        ...skipped,
        { event: 'run-ended', at: at(), exitCode: 0, reason: 'completed' },
      ]);
    } finally {
      await store.close();
    }
    const page = { limit: 50, offset: 0 };
    const counts: number[] = [];
    const readings = await readingsOf(server().place(), (reads) => ({
      skips: async () => counts.push((await reads.skips('young', { reasons: 5, cases: 3 }))[0]?.count ?? 0),
      cases: async () => counts.push((await reads.cases('young', {}, page)).total),
      failures: async () => counts.push((await reads.failures('young', {}, page)).total),
      changes: () => reads.changes('young', 'nobody', 20),
    }));
    expect(counts).toEqual([1_000, 1_000, 0]);
    expect(readings.filter(({ rows }) => rows > 100_000)).toEqual([]);
  });
});
