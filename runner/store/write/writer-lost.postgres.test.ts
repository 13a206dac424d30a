// Connections that break under a run: one that is cut is an error of its own, one that falls silent is replaced.
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { connect } from '../open.ts';
import { onPostgres } from '../testing/each-store.ts';
import { eventually } from '../testing/eventually.ts';
import { startProxy } from '../testing/proxy.ts';
import { ToldRun, writing } from '../testing/told-run.ts';
import { runWriter } from './writer.ts';

onPostgres((server) => {
  const { options, runOf } = writing(server);

  test('a connection that goes silent for good is replaced, and the run is stored as it goes on', async () => {
    const proxy = await startProxy(server().port);
    const place = server().place({ port: proxy.port });
    // The one connection of a run, which waits for an answer as long as this.
    const connection = {
      ...place.connection,
      pool: { ...place.connection.pool, max: 1, query_timeout: 400 },
    };
    try {
      const run = new ToldRun(runWriter(options({ ...place, connection })), 'half-open');
      await eventually(async () => expect(await runOf('half-open')).toMatchObject({ cases: 3 }));
      proxy.swallow();
      run.pass(0);
      await eventually(async () =>
        expect(await runOf('half-open')).toMatchObject({ status: 'running', pass: 1 }),
      );
      proxy.swallow();
      for (const i of [1, 2]) run.pass(i);
      await run.end();
      expect(await runOf('half-open')).toMatchObject({ status: 'passed', pass: 3 });
    } finally {
      proxy.close();
    }
  });

  test('a connection that is cut between two statements of a transaction is an error of its own, not the end of the process', async () => {
    const proxy = await startProxy(server().port);
    const seen: unknown[] = [];
    const crash = (error: unknown) => seen.push(error);
    process.on('uncaughtException', crash);
    try {
      const store = await connect(server().place({ port: proxy.port }));
      const work = store.db.transaction().execute(async (transaction) => {
        await sql`select 1`.execute(transaction);
        proxy.cut();
        await new Promise((resolve) => setTimeout(resolve, 200));
        await sql`select 1`.execute(transaction);
      });
      await expect(work).rejects.toThrow();
      await store.close();
      expect(seen).toEqual([]);
    } finally {
      process.off('uncaughtException', crash);
      proxy.close();
    }
  });
});
