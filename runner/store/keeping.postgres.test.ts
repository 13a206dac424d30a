// What keeps the store in order: old runs go, red ones later, and what is listed speaks for what is not.
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { expect, test } from 'vitest';
import { migrations } from './migrations/index.ts';
import { connect, migrate } from './open.ts';
import { prune } from './prune.ts';
import { cockpitReads } from './read/cockpit.ts';
import { eachStore, onPostgres } from './testing/each-store.ts';
import { type EndedRows, endedRows } from './testing/ended-rows.ts';
import { fillWithRuns } from './testing.ts';
import { markAborted } from './write/statements.ts';

eachStore(({ store }) => {
  const ended = (environment: string, rows: EndedRows, job?: string) =>
    endedRows(store(), environment, rows, job);

  test('runs older than the limit go whole, red ones and the newest stay', async () => {
    // One run a day, every seventh red.
    await fillWithRuns(store(), { runs: 60, casesPerRun: 20, everyMinutes: 1_440, environments: ['one'] });
    const red = await sql<{
      id: string;
    }>`select id from charter.run_view where status <> 'passed' order by id`.execute(store().db);
    expect(red.rows.length).toBeGreaterThan(0);
    const keep = { days: 20, redDays: 1_000, runs: 5 };
    const seen = await prune(store(), keep, 'look');
    expect(await prune(store(), keep, 'remove')).toEqual(seen);
    expect(await prune(store(), keep, 'remove')).toEqual([]);
    const left = await store().db.selectFrom('charter.run').select('id').orderBy('id').execute();
    const ids = left.map(({ id }) => id);
    for (const { id } of red.rows) expect(ids).toContain(id);
    expect(seen.length).toBe(60 - ids.length);
    expect(seen).not.toContain('gen-000005');
    expect(seen).toContain('gen-000060');
    const orphans = await sql<{ n: number }>`select count(*)::integer as n from charter.attempt a
      where not exists (select from charter.run r where r.id = a.run_id)`.execute(store().db);
    expect(orphans.rows[0]?.n).toBe(0);
    expect(await prune(store(), { days: 1, redDays: 1, runs: 1_000 }, 'look')).toEqual([]);
  });

  test('a merged run goes with its shards and the merges that it replaced, and counts as one run', async () => {
    await ended('merges', [
      ['m-shard-1', 'shard', 0, 100],
      ['m-shard-2', 'shard', null, 100],
      ['m-early', 'merged', 7, 100],
      ['m-late', 'merged', 0, 100],
    ]);
    await ended(
      'merges',
      [
        ['n-shard-1', 'shard', 0, 10],
        ['n-shard-2', 'shard', 0, 10],
        ['n-merged', 'merged', 0, 10],
      ],
      'another job',
    );
    // Without a Job a merge speaks for nobody.
    await ended('merges', [['by-hand', 'merged', 1, 100]], '');
    const keep = { days: 90, redDays: 365, runs: 1 };
    const gone = await prune(store(), keep, 'remove');
    expect(gone).toEqual(['m-early', 'm-shard-1', 'm-shard-2', 'm-late']);
    expect(await prune(store(), keep, 'look')).toEqual([]);
    const { rows } = await cockpitReads(store()).runs({ environment: 'merges' }, { limit: 9, offset: 0 });
    expect(rows.map(({ run }) => run)).toEqual(['n-merged', 'by-hand']);
    // Rows of shards do not use up the runs that stay.
    const next = await prune(store(), { days: 1, redDays: 1, runs: 2 }, 'look');
    expect(next.filter((id) => !id.startsWith('gen-'))).toEqual([]);
  });

  test('a run that is not green stays at least as long as a green one, whatever is said of red ones', async () => {
    await ended(
      'long',
      [
        ['long-new', 'whole', 0, 0],
        ['long-red', 'whole', 1, 400],
        ['long-green', 'whole', 0, 400],
        ['long-gone', 'whole', 1, 800],
      ],
      '',
    );
    const ids = await prune(store(), { days: 700, redDays: 365, runs: 1 }, 'look');
    expect(ids.filter((id) => id.startsWith('long-'))).toEqual(['long-gone']);
  });

  test('a merge takes no shard with it that began after it, and is told by itself', async () => {
    await ended('later', [
      ['later-shard', 'shard', 7, 100],
      ['later-merged', 'merged', 0, 100],
    ]);
    await ended('later', [['later-again', 'shard', 1, 99]], 'job of later');
    await ended('later', [['later-night', 'whole', 0, 1]], '');
    const keep = { days: 90, redDays: 365, runs: 1 };
    const ids = await prune(store(), keep, 'look');
    expect(ids.filter((id) => id.startsWith('later-'))).toEqual(['later-shard', 'later-merged']);
  });

  test('of green runs no more stay than the limit, of red ones all within their days; the floor wins', async () => {
    const green = Array.from({ length: 6 }, (_, day) => [`green-${day}`, 'whole', 0, day] as const);
    await ended('limited', [...green, ['red-3', 'whole', 1, 3], ['red-5', 'whole', 1, 5]], '');
    await ended('beside', [['beside-4', 'whole', 0, 4]], '');
    const days = { days: 90, redDays: 365 };
    const gone = async (runs: number, maxGreenRuns?: number) => {
      const ids = await prune(store(), { ...days, runs, maxGreenRuns }, 'look');
      return ids.filter((id) => /^(green|red|beside)-/.test(id));
    };
    expect(await gone(1)).toEqual([]);
    expect(await gone(1, 6)).toEqual([]);
    expect(await gone(1, 4)).toEqual(['green-4', 'green-5']);
    expect(await gone(7, 4)).toEqual(['green-5']);
    expect(await gone(8, 4)).toEqual([]);
    expect(await gone(1, 1)).toEqual(['green-1', 'green-2', 'green-3', 'green-4', 'green-5']);
  });

  test('repeats by hand push no night of the whole charter out', async () => {
    const nights = Array.from({ length: 4 }, (_, night) => [`night-${night}`, 'whole', 0, night] as const);
    const repeats = Array.from({ length: 8 }, (_, nth) => [`repeat-${nth}`, 'whole', 0, 0.1] as const);
    await ended('repeated', [...nights, ['red-night', 'whole', 1, 400], ...repeats], '');
    await sql`update charter.run set properties = '{"selection": "--case 1"}' where id like 'repeat-%'`.execute(
      store().db,
    );
    const ids = await prune(store(), { days: 90, redDays: 365, runs: 3, maxGreenRuns: 3 }, 'look');
    const gone = ids.filter((id) => /night|repeat/.test(id));
    expect(gone.filter((id) => id.includes('night'))).toEqual(['night-3', 'red-night']);
    expect(gone.filter((id) => id.startsWith('repeat'))).toHaveLength(5);
  });

  test('what begins after its Job was merged is told by itself: the first shard may have been evicted', async () => {
    await ended('evicted', [
      ['e-shard-1', 'shard', 7, 1],
      ['e-shard-2', 'shard', 0, 1],
      ['e-merged', 'merged', 7, 1],
    ]);
    await ended('evicted', [['e-again', 'shard', null, 0.5]], 'job of evicted');
    const { rows } = await cockpitReads(store()).runs({ environment: 'evicted' }, { limit: 9, offset: 0 });
    expect(rows.map(({ run, status }) => `${run} ${status}`)).toEqual([
      'e-again aborted',
      'e-merged interrupted',
    ]);
  });

  test('a run that came back after it was taken for lost, and was lost again, ended when it was last heard of', async () => {
    await ended('returned', [['returned', 'whole', 0, 2]], '');
    await sql`update charter.run_end set exit_code = null, tests = null, pass = null, fail = null, err = null, skip = null,
      flaky = null, not_run = null, unplanned_skips = null, cases = null where run_id = 'returned'`.execute(
      store().db,
    );
    await sql`insert into charter.beat values ('returned', 9, now() - interval '1 day', 60000)`.execute(
      store().db,
    );
    const run = await cockpitReads(store()).run('returned');
    expect(run?.status).toBe('aborted');
    expect(Date.parse(run?.lastAt ?? '')).toBeGreaterThan(Date.now() - 1.5 * 86_400_000);
  });

  test('a shard in which nothing was proven is no verdict on all of them', async () => {
    await ended('unproven', [['u-night', 'whole', 0, 2]], '');
    await ended('unproven', [['u-shard', 'shard', 3, 1]], 'job of unproven');
    const heads = await cockpitReads(store()).environments();
    expect(heads.find(({ environment }) => environment === 'unproven')?.last?.run).toBe('u-night');
  });

  test('a merge that was replaced was not the last green run', async () => {
    await ended('replaced', [
      ['r-shard', 'shard', 0, 1],
      ['r-early', 'merged', 0, 1],
      ['r-late', 'merged', 1, 1],
    ]);
    await ended('replaced', [['r-before', 'whole', 0, 2]], '');
    const heads = await cockpitReads(store()).environments();
    const head = heads.find(({ environment }) => environment === 'replaced');
    const dayMs = 86_400_000;
    expect(head?.last?.run).toBe('r-late');
    expect(Date.parse(head?.lastGreenAt ?? '')).toBeLessThan(Date.now() - 1.5 * dayMs);
  });
});

onPostgres((server) => {
  test('runs that were marked as lost before migration 014 say no more since when, without saying it', async () => {
    await server().createDatabase('marked');
    const old = await connect(server().place({ database: 'marked' }));
    try {
      const migrator = new Migrator({
        ...{ db: old.db, provider: migrations, migrationTableSchema: 'charter' },
      });
      await migrator.migrateTo('013-later-words');
      await endedRows(old, 'marked', [['lost', 'whole', null, 1]], '');
      await sql`insert into charter.beat values ('lost', 1, now() - interval '1 day', 60000)`.execute(old.db);
      await markAborted(old);
      const reason = async () => (await cockpitReads(old).run('lost'))?.reason;
      expect(await reason()).toBe('aborted: no sign of life since');
      await migrate(old);
      expect(await reason()).toBe('no sign of life any more');
    } finally {
      await old.close();
    }
  });
});
