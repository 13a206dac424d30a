// A run that could not start is told in the store: who looks there must not take yesterday's green for today's.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { readLeftBehind, runCharter } from '../../fixtures/testing/index.ts';
import { fakeCluster } from '../apiserver/cluster-testing.ts';
import { acquireLock } from '../execution/index.ts';
import { cockpitReads, openStore, type RunHead, type Store } from '../store/index.ts';
import { onPostgres } from '../store/testing/each-store.ts';

const campaigns = resolve(import.meta.dirname, '../../fixtures/campaigns');
vi.setConfig({ testTimeout: 180_000 });

const missingSecret = 'personaSecret: { optional: false, directory: nowhere }';

onPostgres((server) => {
  let home = '';
  let store: Store;

  beforeAll(async () => {
    store = await openStore(server().place(), { schema: 'migrate' });
    await sql`create role job login password 'db-pass-9731' in role charter_runner`.execute(store.db);
    await sql`create role page login in role charter_cockpit`.execute(store.db);
  });
  beforeEach(async () => {
    await sql`truncate charter.run cascade`.execute(store.db);
    home = mkdtempSync(join(tmpdir(), 'charter-start-errors-'));
    const url = (user: string, port = server().port) => `postgres://${user}@127.0.0.1:${port}/charter\n`;
    writeFileSync(join(home, 'url'), url('job:db-pass-9731'));
    writeFileSync(join(home, 'page'), url('page'));
    writeFileSync(join(home, 'gone'), url('job:db-pass-9731', 9));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));
  afterAll(() => store?.close());

  interface Night {
    /** The line of charter.yaml that names it. */
    readonly platform?: string;
    /** Lines of charter.yaml beside those of the fixture. */
    readonly more?: string;
    /** Of charter.yaml's part `execution`. */
    readonly lock?: string;
    readonly store?: string;
    readonly env?: NodeJS.ProcessEnv;
  }

  const out = () => join(home, 'out');

  function run({
    platform = 'environment: night',
    more = '',
    lock = 'local',
    store = 'connectionFile: url, finishMs: 20000',
    env,
  }: Night = {}) {
    const fixture = readFileSync(join(campaigns, 'charter.yaml'), 'utf8').replace(
      'execution: { retry: 0 }',
      `${platform}\nexecution: { retry: 0, lock: ${lock} }`,
    );
    const config = join(home, 'charter.yaml');
    writeFileSync(config, `${fixture}store: { mode: postgres, ${store} }\n${more}\n`);
    const where = ['--config', config, '--suites', join(campaigns, 'green'), '--out', out()];
    return runCharter(['run', ...where], { env: { CHARTER_EMBEDDED: 'true', ...env } });
  }

  async function listed(): Promise<readonly (readonly [string, string])[]> {
    const { stdout, stderr } = await runCharter(['runs', '--json', '--store', join(home, 'page')]);
    expect(stderr).toBe('');
    const { rows } = JSON.parse(stdout) as { rows: RunHead[] };
    return rows.map(({ environment, status }) => [environment, status]);
  }

  test('by a missing Secret (2) or a silent lock (4): `charter runs` names each beside the green one before', async () => {
    await using cluster = await fakeCluster();
    cluster.failWith = 0;
    const env = { CHARTER_IMAGE_DIGEST: 'sha256:one' };
    const lock = '{ mode: lease, lease: charter, leaseMs: 30000 }';
    const codes: (number | null)[] = [];
    for (const night of [{ env }, { env, more: missingSecret }, { env: { ...env, ...cluster.env }, lock }]) {
      const { code, stderr } = await run(night);
      expect(stderr).not.toContain('charter store push');
      codes.push(code);
    }
    expect(codes).toEqual([0, 2, 4]);
    expect(await listed()).toEqual([
      ['night', 'errors'],
      ['night', 'usage'],
      ['night', 'passed'],
    ]);
    const reads = cockpitReads(store);
    const heads = await reads.environments();
    expect(heads.map(({ environment, last }) => [environment, last?.status])).toEqual([['night', 'errors']]);
    expect(await reads.flakes('night', 30, 10)).toEqual([]);
    const { rows } = await reads.failures(heads[0]?.last?.run ?? '', {}, { limit: 9, offset: 0 });
    expect(rows.map(({ key }) => key)).toEqual(['charter/start']);
  });

  describe('what stands in charter.yaml beside what is wrong', () => {
    test.for([
      ['a key that is unknown', 'nonsense: 1'],
      ['a Secret that is missing', missingSecret],
    ] as const)('%s: says of which platform the run is, and where it is stored', async ([, more]) => {
      expect((await run({ more })).code).toBe(2);
      expect(await listed()).toEqual([['night', 'usage']]);
    });

    test.for([
      ['is misspelt', 'enviroment: night', 'night'],
      ['is a list', 'environment: [night]', 'unknown'],
    ] as const)(
      'a key `environment` that %s hides the run under the name of no other platform',
      async ([, line, name]) => {
        const { code, stderr } = await run({ platform: line, more: missingSecret });
        expect([code, await listed()]).toEqual([2, [[name, 'usage']]]);
        expect(stderr.includes('kept under the platform `unknown`')).toBe(name === 'unknown');
      },
    );

    test('a part `store` that cannot be read stores nothing, and the report is written', async () => {
      expect((await run({ store: 'connectionFile: 7' })).code).toBe(2);
      expect(await listed()).toEqual([]);
      expect(readLeftBehind(out()).state).toMatchObject({ environment: 'unknown', ended: { exitCode: 2 } });
    });
  });

  test('a store that is away leaves the code 2, required or not; the journal brings the row in later', async () => {
    const { code, stderr } = await run({
      ...{ more: missingSecret, store: 'connectionFile: gone, finishMs: 300, required: true' },
    });
    expect([code, stderr]).toEqual([2, expect.stringContaining('charter store push')]);
    const [, journal = ''] = /charter store push (\S+\.jsonl)/.exec(stderr) ?? [];
    const pushed = await runCharter(['store', 'push', journal, '--store', join(home, 'url')]);
    expect([pushed.code, pushed.stderr]).toEqual([0, '']);
    expect(await listed()).toEqual([['night', 'usage']]);
  });

  test('a run of a charter that names no platform says under which name it is kept', async () => {
    const told = 'kept under the platform `default`';
    const named = await run();
    const nameless = await run({ platform: '' });
    expect([named, nameless].map(({ code, stderr }) => [code, stderr.split(told).length - 1])).toEqual([
      [0, 0],
      [0, 1],
    ]);
    expect(await listed()).toEqual([
      ['default', 'passed'],
      ['night', 'passed'],
    ]);
  });

  test('a run whose output folder cannot be written (5) leaves no row: there would be no journal behind it', async () => {
    writeFileSync(out(), 'no folder');
    expect((await run()).code).toBe(5);
    expect(await listed()).toEqual([]);
  });

  test('a run that the run lock refuses (6) leaves no row, whether or not its charter can be read', async () => {
    mkdirSync(out());
    const lock = await acquireLock(out(), 'another run');
    try {
      for (const more of ['', missingSecret]) expect((await run({ more })).code).toBe(6);
    } finally {
      await lock.release();
    }
    expect(await listed()).toEqual([]);
  });
});
