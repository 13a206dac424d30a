// Several who bring the tables up to date at once, as the Pods of a new release do: they wait for each other, however long the first one takes.
import { sql } from 'kysely';
import { expect, test, vi } from 'vitest';
import { migrations } from './migrations/index.ts';
import { openStore, type PostgresPlace } from './open.ts';
import { onPostgres } from './testing/each-store.ts';
import { eventually } from './testing/eventually.ts';

vi.setConfig({ testTimeout: 120_000 });

onPostgres((server) => {
  async function start(place: PostgresPlace): Promise<string> {
    const store = await openStore(place, { schema: 'migrate' });
    await store.close();
    return 'up to date';
  }

  test('on an empty database each finds all tables, and every migration is applied once', async () => {
    await server().createDatabase('fresh');
    const place = server().place({ database: 'fresh' });
    const starters = await Promise.all([1, 2, 3].map(() => start(place)));
    expect(new Set(starters)).toEqual(new Set(['up to date']));
    const store = await openStore(place, { schema: 'expect' });
    const { rows } = await sql<{
      name: string;
    }>`select name from charter.kysely_migration order by name`.execute(store.db);
    await store.close();
    expect(rows.map(({ name }) => name)).toEqual(Object.keys(await migrations.getMigrations()).toSorted());
  });

  test('a migration takes longer than one statement may elsewhere: nobody gives up, neither who waits for it', async () => {
    const limit = 100;
    const { kind, connection } = server().place();
    const pool = { ...connection.pool, statement_timeout: limit, query_timeout: limit };
    const hasty: PostgresPlace = { kind, connection: { ...connection, pool } };
    const store = await openStore(server().place(), { schema: 'migrate' });
    const held = await store.db.startTransaction().execute();
    try {
      await sql`lock table charter.kysely_migration in access exclusive mode`.execute(held);
      const both = Promise.all([start(hasty), start(hasty)]);
      const waiting = sql<{ wait_event: string }>`
        select wait_event from pg_stat_activity where wait_event_type = 'Lock'
          and clock_timestamp() - query_start > make_interval(secs => ${(2 * limit) / 1_000}) order by 1`;
      const longEnough = eventually(async () => {
        const { rows } = await waiting.execute(store.db);
        expect(rows.map(({ wait_event }) => wait_event)).toEqual(['advisory', 'relation']);
      });
      await Promise.race([both, longEnough]);
      await held.commit().execute();
      expect(await both).toEqual(['up to date', 'up to date']);
    } finally {
      if (!held.isCommitted) await held.rollback().execute();
      await store.close();
    }
  });
});
