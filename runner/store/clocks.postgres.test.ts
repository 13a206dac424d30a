// Runs stand in the order in which they were run, whatever the clocks of their machines say: a clock that is ahead must not hide the red
// runs that come after its own.
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { applyEvent, initialState, type JournalEvent } from '../journal/index.ts';
import { migrations } from './migrations/index.ts';
import { connect, migrate, openStore, type Store } from './open.ts';
import { prune } from './prune.ts';
import { cockpitReads } from './read/cockpit.ts';
import { type Colour, clockedRun } from './testing/clocked-run.ts';
import { onPostgres } from './testing/each-store.ts';
import { pushEvents } from './write/push.ts';
import { runWriter } from './write/writer.ts';

const hourMs = 3_600_000;
afterEach(() => {
  vi.useRealTimers();
});

/** Whose clock says when a journal is sent: that of the machine that ran it, or one that is right. */
type Sender = 'the machine' | 'another';

/** A run that has just ended, on a machine whose clock is `ms` ahead. */
async function ran(store: Store, environment: string, verdict: Colour, ms: number, by: Sender) {
  const events = clockedRun(`${environment} ${verdict}`, environment, verdict, ms);
  if (by === 'the machine') vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
  await pushEvents(store, events);
  vi.useRealTimers();
}

/** A green run, and five minutes later a red one. */
async function expectRedToBeLast(
  store: Store,
  environment: string,
  first: number,
  second: number,
  by: Sender,
) {
  const reads = cockpitReads(store);
  await ran(store, environment, 'passed', first, by);
  await sql`update charter.run set began_at = began_at - interval '5 minutes' where environment = ${environment}`.execute(
    store.db,
  );
  await ran(store, environment, 'failed', second, by);

  const head = (await reads.environments()).find((one) => one.environment === environment);
  expect(head?.last).toMatchObject({ run: `${environment} failed`, status: 'failed' });
  const { rows } = await reads.runs({ environment }, { limit: 9, offset: 0 });
  expect(rows.map(({ status, durationMs }) => [status, durationMs])).toEqual([
    ['failed', 60_000],
    ['passed', 60_000],
  ]);
  for (const { startedAt } of rows) {
    expect(Date.parse(startedAt)).toBeLessThanOrEqual(Date.now());
    expect(Date.parse(startedAt)).toBeGreaterThan(Date.now() - hourMs);
  }
  const [red, green] = rows;
  if (red === undefined || green === undefined) throw new Error('no runs');
  expect((await reads.previous(red))?.run).toBe(green.run);
  expect(await reads.previous(green)).toBeUndefined();
  expect(head?.lastGreenAt).toBe(green.startedAt);
  const verdicts = async (until?: string) =>
    (await reads.history(environment, ['K/1'], 9, until)).get('K/1')?.map(({ verdict }) => verdict);
  expect(await verdicts()).toEqual(['passed', 'failed']);
  expect(await verdicts(green.startedAt)).toEqual(['passed']);
  expect(await prune(store, { days: 1, redDays: 1, runs: 0 }, 'look')).toEqual([]);
  // The report of a run keeps the time that the run had.
  const state = await reads.state(green.run);
  expect(Math.abs(Date.parse(state?.startedAt ?? '') - Date.now() - first)).toBeLessThan(hourMs);
}

onPostgres((server) => {
  let store: Store;
  beforeAll(async () => {
    store = await openStore(server().place(), { schema: 'migrate' });
  }, 120_000);
  afterAll(() => store?.close());

  test.each([
    ['ahead', 2 * hourMs, 0],
    ['behind', 0, -2 * hourMs],
  ])('a run of a machine whose clock is 2 h %s hides no red run', (environment, first, second) =>
    expectRedToBeLast(store, environment, first, second, 'the machine'),
  );

  test('a journal of a machine whose clock is 2 h ahead, brought in by another, hides no red run that is stored later', () =>
    expectRedToBeLast(store, 'brought', 2 * hourMs, 0, 'another'));

  test('and none that was stored before', async () => {
    await sql`create role nightly login in role charter_runner`.execute(store.db);
    const nightly = await connect(server().place({ user: 'nightly' }));
    const push = (run: string, verdict: Colour, hours: number) =>
      pushEvents(nightly, clockedRun(run, 'before', verdict, hours * hourMs));
    const order = async () => {
      const { rows } = await cockpitReads(store).runs({ environment: 'before' }, { limit: 9, offset: 0 });
      return rows.map(({ run }) => run);
    };
    try {
      await push('old red', 'failed', -0.9);
      await push('mended', 'passed', -0.8);
      await push('red', 'failed', -0.7);
      await push('still red', 'failed', -0.6);
      await push('green ahead', 'passed', 2);
      const night = ['still red', 'red', 'green ahead', 'mended', 'old red'];
      expect(await order()).toEqual(night);
      await push('mended again', 'passed', -0.5);
      await push('red ahead', 'failed', 2);
      expect(await order()).toEqual(['red ahead', 'mended again', ...night]);
      // A second push changes no place.
      await push('green ahead', 'passed', 2);
      expect(await order()).toEqual(['red ahead', 'mended again', ...night]);
    } finally {
      await nightly.close();
    }
  });

  test('one case that was repeated is no green that followed a red night', async () => {
    await pushEvents(store, clockedRun('parted red', 'parted', 'failed', -0.7 * hourMs));
    const repeat = clockedRun('repeat', 'parted', 'passed', -0.4 * hourMs).map((event) =>
      event.event === 'run-started' ? { ...event, properties: { selection: '--case 1' } } : event,
    );
    await pushEvents(store, repeat);
    await pushEvents(store, clockedRun('parted green', 'parted', 'passed', 3 * hourMs));
    const heads = await cockpitReads(store).environments();
    expect(heads.find(({ environment }) => environment === 'parted')?.last?.run).toBe('parted red');
  });

  test.each([
    ['was 2 h behind', -2 * hourMs, 0],
    ['was right, and jumps 2 h ahead', 0, 2 * hourMs],
  ])(
    'a clock that %s when the run began, and is corrected before its row is sent',
    async (name, atStart, later) => {
      const minuteMs = 60_000;
      let passedMs = 0;
      const due: (() => void)[] = [];
      const after = (_milliseconds: number, act: () => void) => {
        due.push(act);
        return () => {};
      };
      const writer = runWriter({
        ...{ open: () => connect(server().place()), need: 'required', finishMs: 9_000, beatMs: 9_000 },
        ...{ journal: 'j', tell: () => {} },
        clock: { now: () => passedMs, after },
      });
      const setClock = (ms: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
      setClock(atStart);
      const event: JournalEvent = {
        ...{ event: 'run-started', at: new Date().toISOString(), run: name, host: 'h' },
        ...{ environment: 'corrected', properties: {} },
      };
      vi.useRealTimers();
      const state = applyEvent(initialState(), event);
      writer.onEvent(event, state);
      // The database was away for ten minutes.
      passedMs += 10 * minuteMs;
      setClock(later);
      for (const act of due) act();
      await writer.finish(state);
      vi.useRealTimers();
      const began = await store.db
        .selectFrom('charter.run_view')
        .select('began_at')
        .where('id', '=', name)
        .executeTakeFirstOrThrow();
      const off = began.began_at.getTime() - (Date.now() - 10 * minuteMs);
      expect(Math.abs(off)).toBeLessThan(minuteMs);
    },
  );

  test('a clock that was put forward by a month while a run went on keeps no green fresh for a month', async () => {
    const began = sql`now() - interval '40 days'`;
    await sql`insert into charter.run (id, host, environment, started_at, began_at, stored_at, properties, part, job, image_digest,
        config_hash)
      values ('forward', 'h', 'forward', ${began} - interval '30 days', ${began}, ${began}, '{}', 'whole', '', '', '')`.execute(
      store.db,
    );
    await sql`insert into charter.run_end (run_id, ended_at, exit_code, reason, tests, pass, fail, err, skip, flaky, not_run,
        unplanned_skips, cases) values ('forward', ${began}, 0, 'completed', 1, 1, 0, 0, 0, 0, 0, 0, 1)`.execute(
      store.db,
    );
    const heads = await cockpitReads(store).environments();
    const head = heads.find(({ environment }) => environment === 'forward');
    const days = (Date.now() - Date.parse(head?.lastGreenEndedAt ?? '')) / 86_400_000;
    expect(days).toBeGreaterThan(38.9);
    expect(days).toBeLessThan(40.1);
  });

  test('a journal that is brought in later has its place among the runs of its day', async () => {
    const at = '2026-02-01T03:00:00.000Z';
    const started = (run: string, ago: number): JournalEvent => ({
      ...{ event: 'run-started', at: new Date(Date.parse(at) - ago).toISOString(), run, host: 'h' },
      ...{ environment: 'late', properties: {} },
    });
    for (const ago of [0, 2 * hourMs, hourMs]) await pushEvents(store, [started(`${ago}`, ago)]);
    const { rows } = await cockpitReads(store).runs({ environment: 'late' }, { limit: 9, offset: 0 });
    expect(rows.map(({ run }) => run)).toEqual(['0', `${hourMs}`, `${2 * hourMs}`]);
    expect(rows[0]?.startedAt).toBe(at);
  });

  test('runs that were stored before began_at was known began at the latest when they were stored', async () => {
    await server().createDatabase('before');
    const old = await connect(server().place({ database: 'before' }));
    try {
      const migrator = new Migrator({
        ...{ db: old.db, provider: migrations, migrationTableSchema: 'charter' },
      });
      await migrator.migrateTo('004-roles');
      await sql`insert into charter.run (id, host, environment, started_at, properties, part, job, image_digest, config_hash)
        values ('ahead', 'h', 'e', now() + interval '2 hours', '{}', 'whole', '', '', ''),
          ('right', 'h', 'e', '2026-01-01T00:00:00.123Z', '{}', 'whole', '', '', '')`.execute(old.db);
      expect(await migrate(old)).toContain('005-began');
      const { rows } = await sql<{ id: string; off: number }>`
        select id, extract(epoch from began_at - case id when 'right' then started_at else stored_at end)::float as off
        from charter.run_view order by id`.execute(old.db);
      expect(rows.map(({ id, off }) => [id, Math.abs(off) < 0.001])).toEqual([
        ['ahead', true],
        ['right', true],
      ]);
    } finally {
      await old.close();
    }
  });
});
