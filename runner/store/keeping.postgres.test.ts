// What keeps the store in order: old runs go and red ones later, a folder follows its journals.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type JournalEvent, openJournal } from '../journal/index.ts';
import { prune } from './prune.ts';
import { cockpitReads } from './read/cockpit.ts';
import { syncJournals } from './sync.ts';
import { eachStore } from './testing/each-store.ts';
import { fillWithRuns } from './testing.ts';
import { pushEvents } from './write/push.ts';

let home = '';
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'charter-keeping-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const at = '2026-01-01T00:00:00.000Z';
const start = (run: string): JournalEvent => ({
  event: 'run-started',
  at,
  run,
  host: 'h',
  environment: 'sync',
  properties: {},
});
const passed: JournalEvent = {
  event: 'case-ended',
  at,
  key: 'C/1',
  attempt: 1,
  durationMs: 1,
  outcome: { verdict: 'passed' },
};
const end: JournalEvent = { event: 'run-ended', at, exitCode: 0, reason: 'completed' };

function journal(folder: string, name: string, events: readonly JournalEvent[]): void {
  const opened = openJournal(join(folder, name));
  for (const event of events) opened.append(event);
  opened.close();
}

eachStore(({ store }) => {
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

  /** Rows of a Job with an end, stored in this order; `days` ago. */
  async function ended(
    environment: string,
    rows: readonly (readonly [id: string, part: string, exitCode: number | null, days: number])[],
    job = `job of ${environment}`,
  ): Promise<void> {
    for (const [order, [id, part, exitCode, days]] of rows.entries()) {
      const began = sql`now() - ${days} * interval '1 day'`;
      await sql`insert into charter.run (id, host, environment, started_at, began_at, stored_at, properties, part, job, image_digest,
          config_hash)
        values (${id}, 'h', ${environment}, ${began}, ${began}, ${began} + ${order} * interval '1 second', '{}', ${part}, ${job}, '', '')`.execute(
        store().db,
      );
      if (exitCode !== null)
        await sql`insert into charter.run_end (run_id, ended_at, exit_code, reason, tests, pass, fail, err, skip, flaky, not_run,
            unplanned_skips, cases) values (${id}, ${began}, ${exitCode}, 'completed', 1, 1, 0, 0, 0, 0, 0, 0, 1)`.execute(
          store().db,
        );
    }
  }

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

  test('a journal that cannot be read, or that the store refuses, keeps no other from being taken in', async () => {
    const folder = mkdtempSync(join(home, 'trouble-'));
    const trouble = (run: string) => ({ ...start(run), environment: 'trouble' });
    mkdirSync(join(folder, 'a.jsonl'));
    // The store knows of a case that the journal has lost.
    await pushEvents(store(), [trouble('sync-refused'), passed, { ...passed, key: 'C/2' }]);
    journal(folder, 'b.jsonl', [trouble('sync-refused'), passed, end]);
    journal(folder, 'c.jsonl', [trouble('sync-taken'), passed, end]);
    symlinkSync(join(folder, 'gone'), join(folder, 'd.jsonl'));
    const told: string[] = [];
    expect(
      await syncJournals(
        store(),
        folder,
        async () => false,
        (trouble) => told.push(trouble),
      ),
    ).toBe(1);
    expect(told).toEqual([
      expect.stringMatching(/a\.jsonl: EISDIR/),
      expect.stringMatching(/b\.jsonl: .*sync-refused/),
    ]);
  });

  test('a folder of journals is taken in once, and again what had no end', async () => {
    const folder = mkdtempSync(join(home, 'sync-'));
    journal(folder, 'a.jsonl', [start('sync-a'), passed, end]);
    journal(folder, 'b.jsonl', [start('sync-b'), passed]);
    writeFileSync(join(folder, 'c.jsonl'), 'not a journal\n');
    const sync = (where = folder) => syncJournals(store(), where, async () => false);
    expect(await sync()).toBe(2);
    const status = async () => {
      const rows = await store()
        .db.selectFrom('charter.run_view')
        .select(['id', 'status'])
        .where('environment', '=', 'sync')
        .orderBy('id')
        .execute();
      return rows.map((row) => row.status);
    };
    // Its journal was written to a moment ago.
    expect(await status()).toEqual(['passed', 'running']);
    journal(folder, 'b.jsonl', [end]);
    expect(await sync()).toBe(1);
    expect(await status()).toEqual(['passed', 'passed']);
    expect(await sync()).toBe(0);
    expect(await sync(join(home, 'nowhere'))).toBe(0);

    // What is pruned stays away, until its journal says more.
    await prune(store(), { days: 1, redDays: 1, runs: 0 }, 'remove');
    expect(await status()).toEqual([]);
    expect(await sync()).toBe(0);
    expect(await status()).toEqual([]);
    journal(folder, 'b.jsonl', [end]);
    expect(await sync()).toBe(1);
    expect(await status()).toEqual(['passed']);
  });

  test('a journal that was taken in is not opened again', async () => {
    const folder = mkdtempSync(join(home, 'read-'));
    journal(folder, 'whole.jsonl', [start('read-whole'), passed, end]);
    journal(folder, 'dead.jsonl', [start('read-dead')]);
    writeFileSync(join(folder, 'other.jsonl'), 'not a journal\n');
    const longAgo = new Date(Date.now() - 600_000);
    for (const name of readdirSync(folder)) utimesSync(join(folder, name), longAgo, longAgo);
    expect(await syncJournals(store(), folder, async () => false)).toBe(2);
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      // As long and as old as before, and it would be told as another run.
      writeFileSync(path, readFileSync(path, 'utf8').replace('read-', 'seen-'));
      utimesSync(path, longAgo, longAgo);
    }
    expect(await syncJournals(store(), folder, async () => false)).toBe(0);
  });

  test('a run that is known to be alive goes on however long its journal is silent', async () => {
    const folder = mkdtempSync(join(home, 'silent-'));
    journal(folder, 'a.jsonl', [start('silent-a')]);
    journal(folder, 'b.jsonl', [start('silent-b')]);
    const longAgo = Date.now() / 1_000 - 600;
    for (const name of ['a.jsonl', 'b.jsonl']) utimesSync(join(folder, name), longAgo, longAgo);
    const sync = () => syncJournals(store(), folder, async (run) => run === 'silent-a');
    const status = async () => {
      const rows = await store()
        .db.selectFrom('charter.run_view')
        .select('status')
        .where('id', 'like', 'silent-%')
        .orderBy('id')
        .execute();
      return rows.map((row) => row.status);
    };
    await sync();
    expect(await status()).toEqual(['running', 'aborted']);
    // Its last sign of life is of the last look, not of the first.
    await sql`update charter.beat set at = at - interval '1 hour', n = n - 1000 where run_id = 'silent-a'`.execute(
      store().db,
    );
    expect(await status()).toEqual(['aborted', 'aborted']);
    await sync();
    expect(await status()).toEqual(['running', 'aborted']);
  });
});
