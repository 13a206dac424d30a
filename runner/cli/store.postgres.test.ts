// `charter store` as an operator calls it, on a real Postgres: which runs go, who may remove them, and what is said of a database without tables.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type Ended, runCharter } from '../../fixtures/testing/index.ts';
import { openJournal } from '../journal/index.ts';
import { openStore, type Store } from '../store/index.ts';
import { onPostgres } from '../store/testing/each-store.ts';
import { fillWithRuns } from '../store/testing.ts';

vi.setConfig({ testTimeout: 60_000 });

const targets = ['keycloak', 'opa', 'trino', 'policySync', 'cockpitBackend'];
const charterYaml = `targets:\n${targets.map((name) => `  ${name}: { url: "http://${name}:80" }\n`).join('')}`;

onPostgres((server) => {
  let home = '';
  let store: Store;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'charter-store-'));
    store = await openStore(server().place(), { schema: 'migrate' });
    await sql`create role job login in role charter_runner`.execute(store.db);
    await server().createDatabase('empty');
    const url = (user: string, database = 'charter') =>
      `postgres://${user}@127.0.0.1:${server().port}/${database}\n`;
    writeFileSync(join(home, 'owner'), url('postgres'));
    writeFileSync(join(home, 'job'), url('job'));
    writeFileSync(join(home, 'empty'), url('postgres', 'empty'));
  });
  afterAll(async () => {
    await store?.close();
    rmSync(home, { recursive: true, force: true });
  });

  /** A run a day for two months, on two platforms in turn; every seventh is red. */
  beforeEach(async () => {
    await sql`truncate charter.run cascade`.execute(store.db);
    await fillWithRuns(store, {
      ...{ runs: 60, casesPerRun: 20, everyMinutes: 1_440, environments: ['one', 'two'] },
    });
  });

  /** `keep` as in charter.yaml. */
  function prune(user: 'owner' | 'job', keep: string, ...flags: string[]): Promise<Ended> {
    const config = join(home, 'charter.yaml');
    writeFileSync(
      config,
      `${charterYaml}store: { mode: postgres, connectionFile: ${user}, keep: ${keep} }\n`,
    );
    return runCharter(['store', 'prune', '--config', config, ...flags]);
  }

  interface Kept {
    readonly id: string;
    readonly isGreen: boolean;
    readonly days: number;
    /** From 1, the newest of its platform. */
    readonly place: number;
  }

  async function stored(): Promise<readonly Kept[]> {
    const { rows } = await sql<Kept>`
      select id, status = 'passed' as "isGreen", floor(extract(epoch from now() - began_at) / 86400)::integer as days,
        (row_number() over (partition by environment order by began_at desc))::integer as place
      from charter.run_view order by id`.execute(store.db);
    return rows;
  }
  const ids = (runs: readonly Kept[]) => runs.map(({ id }) => id);

  test('prune removes what is older than charter.yaml says, red runs later, the newest of a platform never', async () => {
    const before = await stored();
    const old = before.filter(({ isGreen, days, place }) => days >= (isGreen ? 20 : 40) && place > 12);
    for (const shade of [true, false])
      expect(old.filter(({ isGreen }) => isGreen === shade).length).toBeGreaterThan(0);
    // Each of the three limits keeps a run that the others would let go.
    const isKept = ({ id }: Kept) => !ids(old).includes(id);
    expect(
      before.filter(({ isGreen, days }) => !isGreen && days >= 20 && days < 40).filter(isKept),
    ).not.toEqual([]);
    expect(before.filter(({ isGreen, days }) => isGreen && days >= 20).filter(isKept)).not.toEqual([]);

    const keep = '{ days: 20, redDays: 40, runs: 12 }';
    const looked = await prune('owner', keep, '--dry-run');
    expect([looked.code, looked.stderr]).toEqual([0, '']);
    expect(looked.stdout).toBe([...ids(old), `${old.length} would be removed`, ''].join('\n'));
    expect(await stored()).toEqual(before);
    const removed = await prune('owner', keep);
    expect(removed.stdout).toBe([...ids(old), `${old.length} removed`, ''].join('\n'));
    expect(ids(await stored())).toEqual(ids(before.filter(isKept)));
    expect((await prune('owner', keep)).stdout).toBe('0 removed\n');
  });

  test('flags count before charter.yaml; the newest runs are a floor: no run goes because there are more', async () => {
    const years = '{ days: 36500, redDays: 36500, runs: 1000 }';
    expect((await prune('owner', years, '--runs', '1')).stdout).toBe('0 removed\n');
    const all = await prune('owner', years, '--days', '1', '--red-days', '1', '--runs', '7');
    expect([all.code, all.stderr]).toEqual([0, '']);
    expect((await stored()).map(({ place }) => place).toSorted((a, b) => a - b)).toEqual(
      [1, 2, 3, 4, 5, 6, 7].flatMap((place) => [place, place]),
    );
  });

  test('the login of the runs may not prune, and is told who may what', async () => {
    const { code, stdout, stderr } = await prune('job', '{ days: 1, runs: 1 }');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('CHR_STORE: The role may not do this');
    expect(await stored()).toHaveLength(60);
  });

  test('push and prune on a database without tables say what makes them', async () => {
    const journal = openJournal(join(home, 'run.jsonl'));
    const at = new Date().toISOString();
    journal.append({ event: 'run-started', at, run: 'r', host: 'h', environment: 'e', properties: {} });
    journal.close();
    for (const words of [['push', journal.path], ['prune']]) {
      const { code, stderr } = await runCharter(['store', ...words, '--store', join(home, 'empty')]);
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(
          /empty has no tables of charter-runner\.\n {2}CHR_STORE: Run `charter store migrate`/,
        ),
      ]);
    }
  });

  test('push of a file that is no journal is wrong usage; the others are pushed all the same', async () => {
    const journal = openJournal(join(home, 'there.jsonl'));
    const at = new Date().toISOString();
    journal.append({ event: 'run-started', at, run: 'there', host: 'h', environment: 'e', properties: {} });
    journal.close();
    const missing = join(home, 'missing.jsonl');
    const pushed = await runCharter(['store', 'push', missing, journal.path, '--store', join(home, 'owner')]);
    expect([pushed.code, pushed.stdout, pushed.stderr]).toEqual([
      ...[2, expect.stringContaining('run there, 0 cases'), expect.stringContaining('CHR_USAGE')],
    ]);
  });
});
