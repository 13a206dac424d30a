// Runs begin while old ones are pruned, and take the plan that nobody had a moment ago: what is stored of them is whole all the same.
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JournalEvent } from '../journal/index.ts';
import { openStore, type Store } from './open.ts';
import { prune } from './prune.ts';
import type { Database } from './schema.ts';
import { onPostgres } from './testing/each-store.ts';
import { eventually } from './testing/eventually.ts';
import { pushEvents } from './write/push.ts';

const old = '2020-01-01T00:00:00.000Z';

/** A green run of two cases; `plan` is the title that makes its plan another one. */
function green(run: string, plan: string, at = new Date().toISOString()): JournalEvent[] {
  const keys = ['C/1', 'C/2'];
  const cases = keys.map((key) => ({
    ...{ key, campaign: 'C', id: key, title: plan, file: 'c.ts', tags: [], targets: [] },
  }));
  const outcome = { verdict: 'passed' } as const;
  return [
    { event: 'run-started', at, run, host: 'h', environment: plan, properties: {} },
    { event: 'planned', at, cases },
    ...keys.map((key) => ({ event: 'case-ended', at, key, attempt: 1, durationMs: 1, outcome }) as const),
    { event: 'run-ended', at, exitCode: 0, reason: 'completed' },
  ];
}

onPostgres((server) => {
  let store: Store;
  let other: Store;
  beforeAll(async () => {
    store = await openStore(server().place(), { schema: 'migrate' });
    other = await openStore(server().place(), { schema: 'expect' });
  }, 120_000);
  afterAll(async () => {
    await store?.close();
    await other?.close();
  });

  /** Begins `work` while a transaction of somebody else goes on, which ends as soon as `work` waits for it. */
  async function meanwhile<T>(theirs: (db: Kysely<Database>) => Promise<unknown>, work: () => Promise<T>) {
    const transaction = await other.db.startTransaction().execute();
    try {
      await theirs(transaction);
      const mine = work();
      const waiting = sql<{ n: number }>`
        select count(*)::integer as n from pg_stat_activity where wait_event_type = 'Lock'`;
      const settled = mine.then(
        () => {},
        () => {},
      );
      await Promise.race([
        settled,
        eventually(async () => expect((await waiting.execute(store.db)).rows[0]?.n).toBeGreaterThan(0)),
      ]);
      await transaction.commit().execute();
      return await mine;
    } finally {
      if (!transaction.isCommitted) await transaction.rollback().execute();
    }
  }
  const statusOf = async (run: string) => {
    const row = await store.db
      .selectFrom('charter.run_view')
      .select(['status', 'cases', 'pass'])
      .where('id', '=', run)
      .executeTakeFirst();
    return row;
  };
  const wholeAndGreen = { status: 'passed', cases: 2, pass: 2 };

  test('a plan that is pruned after a run asked for it is sent with its cases', async () => {
    await pushEvents(store, green('a-old', 'a', old));
    await store.db.deleteFrom('charter.run').where('id', '=', 'a-old').execute();
    await meanwhile(
      (db) =>
        sql`delete from charter.plan where id in (select plan_id from charter.plan_case where title = 'a')`.execute(
          db,
        ),
      () => pushEvents(store, green('a-new', 'a')),
    );
    expect(await statusOf('a-new')).toEqual(wholeAndGreen);
    await pushEvents(store, green('a-next', 'a'));
    expect(await statusOf('a-next')).toEqual(wholeAndGreen);
  });

  test('a plan that a run takes while it is to be pruned stays, and the prune goes on', async () => {
    await pushEvents(store, green('b-old', 'b', old));
    const keep = { days: 1, redDays: 1, runs: 0 };
    const gone = await meanwhile(
      async (db) => {
        await sql`insert into charter.run (id, host, environment, started_at, properties, part, job, image_digest, config_hash)
          values ('b-new', 'h', 'b', now(), '{}', 'whole', '', '', '')`.execute(db);
        await sql`insert into charter.run_plan (run_id, n, plan_id)
          select distinct 'b-new', 0, plan_id from charter.plan_case where title = 'b'`.execute(db);
      },
      () => prune(store, keep, 'remove'),
    );
    expect(gone).toContain('b-old');
    await pushEvents(store, green('b-new', 'b'));
    expect(await statusOf('b-new')).toEqual(wholeAndGreen);
  });
});
