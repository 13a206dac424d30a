// Every page with a login that may only read, on a real Postgres; and that login really may not write.
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { everything } from '../report/testdata/sample-run.ts';
import { cockpitReads, connectStore, openStore } from '../store/index.ts';
import { postgresMissing, startPostgres } from '../store/testing.ts';
import { pushEvents } from '../store/write/push.ts';
import { createCockpit } from './app.ts';
import { runOf, today } from './testing.ts';

const missing = postgresMissing();

test.skipIf(missing !== undefined)(
  `a member of charter_cockpit sees all pages and changes nothing${missing === undefined ? '' : ` (${missing})`}`,
  { timeout: 120_000 },
  async () => {
    const server = await startPostgres();
    try {
      const owner = await openStore(server.place(), { schema: 'migrate' });
      const end = { exitCode: 1, reason: 'completed' };
      await pushEvents(owner, runOf({ run: 'before', ago: 1, ...everything, end: { ...end, exitCode: 7 } }));
      await pushEvents(owner, runOf({ run: 'now', ago: 0, ...everything }), { n: 1, staleMs: 3_600_000 });
      await sql`create role viewer login in role charter_cockpit`.execute(owner.db);
      await sql`create role outsider login`.execute(owner.db);
      await owner.close();

      const store = await openStore(server.place({ user: 'viewer' }), { schema: 'expect' });
      const { app, close } = createCockpit({ reads: cockpitReads(store), now: () => today });
      const statuses = new Map<string, number>();
      for (const path of [
        ...['/', '/runs', '/flakes', '/metrics', '/widget', '/api/last-run', '/readyz'],
        ...['/runs/now', '/runs/now/live', '/runs/before', '/runs/before/network', '/runs/before/junit.xml'],
        ...['/runs/before/case?key=C-12%2F12.3', '/case?environment=production&key=C-12%2F12.3'],
      ])
        statuses.set(path, (await app.request(path)).status);
      expect([...statuses].filter(([, status]) => status !== 200)).toEqual([]);
      for (const statement of [
        sql`delete from charter.run`,
        sql`insert into charter.plan values (gen_random_uuid(), 1)`,
        sql`select charter.end_run(null, null, null, null, null)`,
        sql`create table charter.mine (id integer)`,
      ])
        await expect(statement.execute(store.db)).rejects.toMatchObject({ code: '42501' });
      close();
      await store.close();

      const outside = await connectStore(server.place({ user: 'outsider' }));
      const refused = createCockpit({ reads: cockpitReads(outside), now: () => today });
      for (const [path, status] of [
        ['/', 500],
        ['/readyz', 503],
      ] as const) {
        const answer = await refused.app.request(path);
        expect([answer.status, await answer.text()]).toEqual([
          status,
          expect.stringContaining('database is not set up for this cockpit'),
        ]);
      }
      refused.close();
      await outside.close();
    } finally {
      await server.stop();
    }
  },
);
