// Real runs that store themselves in a real Postgres: what SQL counts is what JUnit and SUMMARY say, and no secret is in the database.
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { type CharterProcess, type Ended, runCharter, startCharter } from '../../fixtures/testing/index.ts';
import { cockpitReads, openStore, type Store } from '../store/index.ts';
import { onPostgres } from '../store/testing/each-store.ts';
import { eventually } from '../store/testing/eventually.ts';
import { freePort } from '../store/testing/postgres-server.ts';
import { findRun } from './runs-find.ts';

const campaigns = resolve(import.meta.dirname, '../../fixtures/campaigns');
vi.setConfig({ testTimeout: 180_000 });

onPostgres((server) => {
  let home = '';
  let store: Store;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'charter-store-runs-'));
    store = await openStore(server().place(), { schema: 'migrate' });
    await sql`create role job login password 'db-pass-9731' in role charter_runner`.execute(store.db);
    await sql`create role page login in role charter_cockpit`.execute(store.db);
    writeFileSync(join(home, 'url'), `postgres://job:db-pass-9731@127.0.0.1:${server().port}/charter\n`);
    writeFileSync(join(home, 'page'), `postgres://page@127.0.0.1:${server().port}/charter\n`);
    writeFileSync(join(home, 'gone'), 'postgres://job:db-pass-9731@127.0.0.1:9/charter\n');
  });
  afterAll(async () => {
    await store?.close();
    rmSync(home, { recursive: true, force: true });
  });

  function start(
    name: string,
    settings: string,
    args: readonly string[] = [],
    env: NodeJS.ProcessEnv = {},
  ): CharterProcess {
    const config = join(home, `charter-${settings.length}-${args.length}.yaml`);
    const fixture = readFileSync(join(campaigns, 'charter.yaml'), 'utf8');
    writeFileSync(config, `${fixture}environment: night\nstore: { mode: postgres, ${settings} }\n`);
    const where = ['--config', config, '--suites', join(campaigns, name), '--out', join(home, name)];
    return startCharter(['run', ...where, ...args], {
      env: { CHARTER_EMBEDDED: 'true', CHARTER_TEST_MARKS: home, ...env },
    });
  }
  const run = (...told: Parameters<typeof start>): Promise<Ended> => start(...told).ended;
  const charter = (file: 'url' | 'page', ...args: string[]) =>
    runCharter([...args, '--store', join(home, file)]);
  const counts = ({ stdout }: Ended) =>
    Object.fromEntries(
      [...(stdout.split('SUMMARY ')[1] ?? '').matchAll(/(\w+)=(\d+)/g)].map(([, name, n]) => [
        name,
        Number(n),
      ]),
    );
  const newest = () =>
    store.db
      .selectFrom('charter.run_view')
      .selectAll()
      .orderBy('stored_at', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow();
  const journals = (name: string) => globSync(join(home, name, '*.jsonl')).toSorted();

  test.for(['known-verdicts', 'flaky'])('%s: SQL, JUnit and SUMMARY count the same', async (name) => {
    const ended = await run(name, 'connectionFile: url, finishMs: 20000', ['--retry', '1']);
    expect(ended.stderr).toBe('');
    const row = await newest();
    const { tests, pass, fail, err, skip } = row;
    expect({ tests, pass, fail, err, skip }).toEqual(counts(ended));
    expect([row.exit_code, row.status]).toEqual([ended.code, ended.code === 0 ? 'passed' : 'failed']);
    const junit = readFileSync(globSync(join(home, name, '*.xml'))[0] ?? '', 'utf8');
    const among = (tag: string) => junit.match(new RegExp(`<${tag}[ />]`, 'g'))?.length ?? 0;
    expect([among('testcase'), among('failure'), among('error'), among('skipped')]).toEqual([
      tests,
      fail,
      err,
      skip,
    ]);
  });

  test('what was left out by flags stands in the row and in JUnit, of a run that is refused too', async () => {
    const picked = ['--case', '1.1', '--tag', 'quick'];
    const properties = {
      suites: `--suites ${join(campaigns, 'known-verdicts')}`,
      selection: '--case 1.1 --tag quick',
    };
    expect((await run('known-verdicts', 'connectionFile: url, finishMs: 20000', picked)).code).toBe(3);
    expect((await newest()).properties).toMatchObject(properties);
    const junit =
      globSync(join(home, 'known-verdicts', '*.xml'))
        .toSorted()
        .at(-1) ?? '';
    const facts = readFileSync(junit, 'utf8').match(/<property name="selection".*/g);
    expect(facts).toEqual(['<property name="selection" value="--case 1.1 --tag quick"/>']);
    const refused = await run('known-verdicts', 'connectionFile: url }\nnonsense: { a: 1', picked);
    expect(refused.code).toBe(2);
    expect(await newest()).toMatchObject({ status: 'usage', properties });
  });

  test('no secret is in the database, in whatever column', async () => {
    const env = { AKKO_TEST_PASSWORD_ALICE: 'pass-of-alice-4711' };
    const ended = await run('tells-secrets', 'connectionFile: url, finishMs: 20000', [], env);
    expect(counts(ended).tests).toBeGreaterThan(0);
    const { rows } = await sql<{ all: string }>`
      select concat((select json_agg(r) from charter.run r), (select json_agg(a) from charter.attempt a),
        (select json_agg(p) from charter.plan_case p), (select json_agg(x) from charter.property x)) as all`.execute(
      store.db,
    );
    const everything = rows[0]?.all ?? '';
    expect(everything).toContain('tells.campaign.ts');
    for (const secret of ['db-pass-9731', 'pass-of-alice-4711']) {
      expect(everything).not.toContain(secret);
      for (const form of ['hex', 'base64', 'base64url'] as const)
        expect(everything).not.toContain(Buffer.from(secret).toString(form).replace(/=+$/, ''));
    }
  });

  test('shards and their merge: the merged run speaks for the Job, with the counts of its SUMMARY', async () => {
    const env = (index: number) => ({
      CHARTER_JOB_UID: 'uid-7',
      CHARTER_JOB_NAME: 'nightly-7',
      JOB_COMPLETION_INDEX: `${index}`,
    });
    const args = ['--shard', '/2', '--merge'];
    const [first] = await Promise.all(
      [0, 1].map((i) => run('steady', 'connectionFile: url, finishMs: 20000', args, env(i))),
    );
    if (first === undefined) throw new Error('no shard');
    const ofJob = store.db
      .selectFrom('charter.run_view')
      .selectAll()
      .where('job', '=', 'uid-7')
      .orderBy('part');
    const rows = await ofJob.execute();
    expect(rows.map(({ part, is_listed }) => [part, is_listed])).toEqual([
      ['merged', true],
      ['shard', false],
      ['shard', false],
    ]);
    const { tests, pass, fail, err, skip } = rows[0] ?? {};
    expect({ tests, pass, fail, err, skip }).toEqual(counts(first));
  });

  test('a database that is away costs no verdict; where it is required the code is 5; push brings the run in once', async () => {
    const without = await run('red', 'connectionFile: gone, finishMs: 500');
    expect(without.code).toBe(1);
    expect(without.stderr).toContain('charter store push');
    expect(`${without.stdout}${without.stderr}`).not.toContain('db-pass-9731');
    const required = await run('red', 'connectionFile: gone, finishMs: 500, required: true');
    expect(required.code).toBe(5);
    expect(counts(required)).toEqual(counts(without));
    // Each journal twice: the second time changes nothing.
    const pushed = await charter('url', 'store', 'push', ...journals('red'), ...journals('red'));
    expect([pushed.code, pushed.stderr]).toEqual([0, '']);
    const { tests, pass, fail, err, skip } = await newest();
    expect({ tests, pass, fail, err, skip }).toEqual(counts(without));
    const attempts = await sql<{
      n: number;
    }>`select count(*)::integer as n from charter.attempt where run_id = ${(await newest()).id}`.execute(
      store.db,
    );
    expect(attempts.rows[0]?.n).toBe(counts(without).tests);
  });

  test.for([
    ['push', 'job:db-pass-9731'],
    ['prune', 'postgres'],
  ] as const)(
    'a %s waits for a database whose door opens later, and not for longer than it was told',
    async ([what, login]) => {
      const door = createServer((client) => {
        const inside = connect(server().port, '127.0.0.1');
        pipeline(client, inside, client, () => {});
      });
      const port = await freePort();
      writeFileSync(join(home, 'late'), `postgres://${login}@127.0.0.1:${port}/charter\n`);
      const those = what === 'push' ? journals('red') : [];
      const come = (...words: string[]) =>
        runCharter(['store', what, ...those, '--store', join(home, 'late'), ...words]);
      const atOnce = await come('--wait', '1');
      expect([atOnce.code, atOnce.stderr]).toEqual([2, expect.stringContaining('ECONNREFUSED')]);
      const waited = come('--wait', '60');
      await sleep(2_000);
      door.listen(port, '127.0.0.1');
      onTestFinished(() => void door.close());
      expect((await waited).stderr).toBe('');
      expect((await waited).code).toBe(0);
    },
  );

  test('the runner may insert and not read results, the cockpit may read and not write', async () => {
    const as = (user: string) => openStore(server().place({ user }), { schema: 'expect' });
    const job = await as('job');
    for (const table of ['run', 'attempt', 'run_view'] as const)
      await expect(job.db.selectFrom(`charter.${table}`).selectAll().execute(), table).rejects.toMatchObject({
        code: '42501',
      });
    await expect(job.db.deleteFrom('charter.run').execute()).rejects.toMatchObject({ code: '42501' });
    await job.close();
    const page = await as('page');
    await expect(page.db.deleteFrom('charter.run').execute()).rejects.toMatchObject({ code: '42501' });
    await expect(
      sql`select charter.end_run(null, null, null, null, null)`.execute(page.db),
    ).rejects.toMatchObject({ code: '42501' });
    expect((await page.db.selectFrom('charter.run_view').select('id').execute()).length).toBeGreaterThan(3);
    await page.close();
  });

  test('runs, show, diff and flakes tell it as tables of 80 columns and as JSON', async () => {
    const reads = cockpitReads(store);
    const { rows } = await reads.runs({}, { limit: 100, offset: 0 });
    const [red, green] = ['failed', 'passed'].map(
      (status) => rows.find((row) => row.status === status)?.run ?? `no run ${status}`,
    );
    for (const args of [
      ['runs'],
      ['runs', 'show', red ?? ''],
      ['runs', 'diff', green ?? '', red ?? ''],
      ['flakes'],
    ]) {
      const { code, stdout, stderr } = await charter('page', ...args);
      expect([args.join(' '), code, stderr]).toEqual([args.join(' '), 0, '']);
      for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    }
    const listed = await charter('page', 'runs', '--json', '--limit', '100');
    expect(JSON.parse(listed.stdout)).toEqual(JSON.parse(JSON.stringify({ rows, hasMore: false })));
    for (const args of [
      ['runs'],
      ['runs', 'show', 'latest'],
      ['runs', 'diff', 'latest', 'latest'],
      ['flakes'],
    ]) {
      const { code, stdout, stderr } = await charter('page', ...args, '--environment', 'nope');
      expect([args.join(' '), code, stdout, stderr]).toEqual([
        ...[args.join(' '), 2, '', expect.stringContaining('no platform in the store is called nope')],
      ]);
    }
    await expect(findRun(reads, 'nobody')).rejects.toMatchObject({ code: 'CHR_USAGE' });
  });

  test('a run that ends with 5 because its report could not be written is never green', async () => {
    const running = start('steady', 'connectionFile: url, finishMs: 20000');
    // A folder stands where the JUnit file is to be.
    const xmls = () => globSync(join(home, 'steady', '*.xml'));
    const before = new Set(xmls());
    await eventually(async () => expect(xmls().filter((path) => !before.has(path)).length).toBe(1));
    const [xml = ''] = xmls().filter((path) => !before.has(path));
    await eventually(async () => {
      rmSync(xml, { recursive: true, force: true });
      mkdirSync(xml);
    });
    expect((await running.ended).code).toBe(5);
    const seen = { exit_code: 5, status: 'unwritten', tests: 30, pass: 30, is_listed: true };
    expect(await newest()).toMatchObject(seen);
    // Its journal says the same.
    const journal = xml.replace(/xml$/, 'jsonl');
    expect((await charter('url', 'store', 'push', journal)).code).toBe(0);
    expect(await newest()).toMatchObject(seen);
    const rebuilt = await runCharter(['report', journal, '--out', join(home, 'rebuilt')]);
    expect(rebuilt.code).toBe(5);
  });
});
