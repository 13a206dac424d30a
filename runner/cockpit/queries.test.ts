// What Prometheus asks every half minute, and everybody first, costs the store as much for forty environments as for two.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cockpitReads } from '../store/index.ts';
import { fillWithRuns } from '../store/testing.ts';
import { createCockpit } from './app.ts';
import { type TestCockpit, testCockpit } from './testing.ts';

let cockpit: TestCockpit;
beforeAll(async () => {
  cockpit = await testCockpit([]);
}, 180_000);
afterAll(() => cockpit.close());

/** Statements by which it is answered. */
async function statementsOf(path: string): Promise<number> {
  let statements = 0;
  const db = cockpit.store.db.withPlugin({
    transformQuery: ({ node }) => {
      statements += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  const { app, close } = createCockpit({ reads: cockpitReads({ ...cockpit.store, db }), now: Date.now });
  try {
    expect((await app.request(path)).status).toBe(200);
  } finally {
    close();
  }
  return statements;
}

test('the number of statements does not grow with the number of environments', {
  timeout: 120_000,
}, async () => {
  const environments = Array.from({ length: 40 }, (_, i) => `platform-${i}`);
  const fill = (runs: number, among: readonly string[]) =>
    fillWithRuns(cockpit.store, { runs, casesPerRun: 400, environments: among });
  const expected = { '/metrics': 2, '/api/last-run': 1, '/widget': 1 };
  const seen = async () =>
    Object.fromEntries(
      await Promise.all(Object.keys(expected).map(async (path) => [path, await statementsOf(path)] as const)),
    );
  await fill(4, environments.slice(0, 2));
  expect(await seen()).toEqual(expected);
  await fill(200, environments);
  // Of each platform one goes on.
  await sql`with going as (delete from charter.run_end where substr(run_id, 5)::integer between 5 and 44 returning run_id)
    insert into charter.beat select run_id, 1, now(), 3600000 from going`.execute(cockpit.store.db);
  const metrics = await cockpit.text('/metrics');
  expect(metrics.match(/^charter_run_in_progress.* 1$/gm)).toHaveLength(40);
  expect(new Set(metrics.match(/^charter_flaky_cases\{.* [1-9]\d*$/gm)).size).toBeGreaterThan(20);
  expect(await seen()).toEqual(expected);
});
