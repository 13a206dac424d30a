// A run that writes itself to a real Postgres: rows at once, and a verdict that no state of the database can touch.
import { createServer, type Server } from 'node:net';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { applyEvent, initialState, type JournalEvent, type RunState } from '../../journal/index.ts';
import { connect, openStore, type PostgresPlace } from '../open.ts';
import { onPostgres } from '../testing/each-store.ts';
import { eventually } from '../testing/eventually.ts';
import { startProxy } from '../testing/proxy.ts';
import { pushEvents } from './push.ts';
import { markAborted, writeEnd } from './statements.ts';
import { type RunWriter, runWriter, type WriterClock, type WriterOptions } from './writer.ts';

const at = () => new Date().toISOString();
const cases = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    ...{
      key: `C-1/${i}`,
      campaign: 'C-1',
      id: String(i),
      title: 'a case',
      file: 'c.ts',
      tags: [],
      targets: [],
    },
  }));

/** A run told event by event, as the recorder does. */
class ToldRun {
  readonly state: RunState = initialState();
  readonly events: JournalEvent[] = [];
  readonly #writer: RunWriter;

  constructor(writer: RunWriter, run: string) {
    this.#writer = writer;
    this.tell({ event: 'run-started', at: at(), run, host: 'h', environment: 'test', properties: {} });
    this.tell({ event: 'planned', at: at(), cases: cases(3) });
  }

  tell(event: JournalEvent): void {
    this.events.push(event);
    this.#writer.onEvent(event, applyEvent(this.state, event));
  }

  pass(i: number): void {
    const key = `C-1/${i}`;
    this.tell({ event: 'case-started', at: at(), key, attempt: 1 });
    this.tell({
      event: 'case-ended',
      at: at(),
      key,
      attempt: 1,
      durationMs: 3,
      outcome: { verdict: 'passed' },
    });
  }

  end(): Promise<void> {
    this.tell({ event: 'run-ended', at: at(), exitCode: 0, reason: 'completed' });
    return this.#writer.finish(this.state);
  }
}

onPostgres((server) => {
  const told: string[] = [];
  const options = (place: PostgresPlace): WriterOptions => ({
    open: () => connect(place),
    ...{
      need: 'optional',
      finishMs: 3_000,
      beatMs: 500,
      journal: 'run.jsonl',
      tell: (text) => void told.push(text),
    },
  });
  const owner = () => openStore(server().place(), { schema: 'migrate' });
  const runOf = async (id: string) => {
    const store = await owner();
    try {
      return await store.db
        .selectFrom('charter.run_view')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
    } finally {
      await store.close();
    }
  };

  test('rows are there while the run goes on, and its end when it has ended', async () => {
    await (await owner()).close();
    const run = new ToldRun(runWriter(options(server().place())), 'live');
    await eventually(async () =>
      expect(await runOf('live')).toMatchObject({ status: 'running', cases: 3, pass: 0 }),
    );
    run.pass(0);
    run.tell({ event: 'case-started', at: at(), key: 'C-1/1', attempt: 1 });
    // The running case is an error until it ends, as in JUnit, and the one that waits another.
    await eventually(async () => expect(await runOf('live')).toMatchObject({ pass: 1, err: 2, not_run: 1 }));
    run.pass(1);
    run.pass(2);
    await run.end();
    expect(await runOf('live')).toMatchObject({
      status: 'passed',
      exit_code: 0,
      tests: 3,
      pass: 3,
      beat_at: null,
    });
    expect(told).toEqual([]);
  });

  test('a pass that turns out to be an error is taken back, also after it was stored', async () => {
    const run = new ToldRun(runWriter(options(server().place())), 'taken-back');
    for (const i of [0, 1, 2]) run.pass(i);
    await eventually(async () => expect(await runOf('taken-back')).toMatchObject({ pass: 3 }));
    const outcome = {
      verdict: 'error',
      failure: { kind: 'exception', message: 'a rejection nobody handled' },
    } as const;
    run.tell({ event: 'case-ended', at: at(), key: 'C-1/1', attempt: 1, durationMs: 3, outcome });
    await run.end();
    expect(await runOf('taken-back')).toMatchObject({ status: 'errors', pass: 2, err: 1 });
  });

  test('a run without signs of life is aborted, without anybody writing it, and a late end still counts', async () => {
    const run = new ToldRun(runWriter(options(server().place())), 'silent');
    await eventually(async () => expect(await runOf('silent')).toMatchObject({ status: 'running' }));
    const store = await owner();
    // Frozen for an hour, by the clock of the database.
    await sql`update charter.beat set at = at - interval '1 hour', n = n + 1000 where run_id = 'silent'`.execute(
      store.db,
    );
    expect(await runOf('silent')).toMatchObject({ status: 'aborted', reason: null });
    // Who may write runs may mark those that died.
    await sql`create role nightly login in role charter_runner`.execute(store.db);
    const nightly = await openStore(server().place({ user: 'nightly' }), { schema: 'expect' });
    expect(await markAborted(nightly)).toBe(1);
    expect(await markAborted(nightly)).toBe(0);
    await nightly.close();
    expect(await runOf('silent')).toMatchObject({
      status: 'aborted',
      reason: 'aborted: no sign of life since',
    });
    await store.close();
    for (const i of [0, 1, 2]) run.pass(i);
    await run.end();
    expect(await runOf('silent')).toMatchObject({ status: 'passed', pass: 3 });
  });

  test('a server that restarts in the middle loses nothing', async () => {
    const run = new ToldRun(runWriter({ ...options(server().place()), finishMs: 30_000 }), 'restarted');
    run.pass(0);
    await eventually(async () => expect(await runOf('restarted')).toMatchObject({ pass: 1 }));
    await server().halt('immediate');
    run.pass(1);
    const back = server().resume();
    run.pass(2);
    await Promise.all([run.end(), back]);
    expect(await runOf('restarted')).toMatchObject({ status: 'passed', pass: 3 });
  }, 60_000);

  test.for([
    ['is not there', 'refuse'],
    ['takes connections and never answers', 'swallow'],
  ] as const)(
    'a server that %s delays the end by no more than its limit, and the journal can be pushed',
    async ([, how]) => {
      const silent = await loopback(how);
      told.length = 0;
      try {
        const place = server().place({ port: silent.port });
        const run = new ToldRun(runWriter({ ...options(place), finishMs: 700 }), `without-${how}`);
        for (const i of [0, 1, 2]) run.pass(i);
        const startedAt = performance.now();
        await run.end();
        // The limit and what a busy machine adds; the server would have been waited for 5 s.
        expect(performance.now() - startedAt).toBeLessThan(4_000);
        expect(told.join('\n')).toContain('charter store push run.jsonl');
        const store = await owner();
        await pushEvents(store, run.events);
        await store.close();
        expect(await runOf(`without-${how}`)).toMatchObject({ status: 'passed', pass: 3 });
        const needed = new ToldRun(
          runWriter({ ...options(place), finishMs: 300, need: 'required' }),
          'needed',
        );
        await expect(needed.end()).rejects.toMatchObject({ code: 'CHR_STORE' });
      } finally {
        silent.close();
      }
    },
  );

  const owned = async (...statements: string[]) => {
    const store = await owner();
    for (const statement of statements) await sql.raw(statement).execute(store.db);
    await store.close();
  };

  const fullDisk = `create function charter.full_disk() returns trigger language plpgsql as $$
    begin raise exception 'could not extend file' using errcode = '53100'; end $$`;
  const onAttempts =
    'create trigger full_disk before insert on charter.attempt for each statement execute function charter.full_disk()';

  test.for([
    {
      ...{ what: 'whose disk is full', code: '53100', words: 'could not extend file' },
      ...{ fill: [fullDisk, onAttempts], empty: 'drop function if exists charter.full_disk cascade' },
    },
    {
      ...{ what: 'that has too many clients', code: '53300', words: 'too many connections' },
      ...{ fill: ['alter role crowded connection limit 0'], empty: 'alter role crowded connection limit 9' },
    },
  ])('a database $what changes nothing but when rows are sent', async ({ code, words, fill, empty }) => {
    await owned('drop role if exists crowded', 'create role crowded login in role charter_runner', ...fill);
    onTestFinished(() => owned(empty));
    told.length = 0;
    let refused = 0;
    const clock: WriterClock = {
      now: () => performance.now(),
      after: (milliseconds, act, why) => {
        // The pause after which the end of a run asks again.
        if (why === 'awaited' && milliseconds === 500) refused += 1;
        const timer = setTimeout(act, milliseconds);
        return () => clearTimeout(timer);
      },
    };
    const begin = (run: string, finishMs: number) => {
      const place = server().place({ user: 'crowded' });
      const begun = new ToldRun(runWriter({ ...options(place), clock, finishMs }), run);
      for (const i of [0, 1, 2]) begun.pass(i);
      return begun;
    };
    // Full to its end and longer: the run ends as it would, and says how its rows are sent.
    const unlucky = begin(`full-${code}`, 1_000);
    await unlucky.end();
    expect(told.join('\n')).toContain(words);
    expect(told.join('\n')).toContain('charter store push run.jsonl');
    // Full until somebody looks after it while the run ends.
    told.length = 0;
    refused = 0;
    const ending = begin(`room-${code}`, 15_000).end();
    await eventually(async () => expect(refused).toBeGreaterThan(0));
    await owned(empty);
    await ending;
    expect(told).toEqual([]);
    expect(await runOf(`room-${code}`)).toMatchObject({ status: 'passed', pass: 3 });
    const store = await owner();
    await pushEvents(store, unlucky.events);
    await store.close();
    expect(await runOf(`full-${code}`)).toMatchObject({ status: 'passed', pass: 3 });
  });

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

  test('an end whose counts are not those of the rows is refused', async () => {
    const store = await owner();
    const events: JournalEvent[] = [
      { event: 'run-started', at: at(), run: 'lossy', host: 'h', environment: 'test', properties: {} },
      { event: 'planned', at: at(), cases: cases(2) },
      ...['C-1/0', 'C-1/1'].map(
        (key): JournalEvent => ({
          event: 'case-ended',
          at: at(),
          key,
          attempt: 1,
          durationMs: 1,
          outcome: { verdict: 'passed' },
        }),
      ),
    ];
    await pushEvents(store, events);
    await store.db
      .deleteFrom('charter.attempt')
      .where('run_id', '=', 'lossy')
      .where('attempt', '=', 1)
      .execute();
    const end = { at: at(), exitCode: 0, reason: 'completed', counts: { pass: 2, fail: 0, err: 0, skip: 0 } };
    await expect(writeEnd(store, 'lossy', end)).rejects.toMatchObject({ code: 'CH001' });
    await store.close();
    expect(await runOf('lossy')).toMatchObject({ status: 'aborted' });
  });
});

async function loopback(
  how: 'refuse' | 'swallow',
): Promise<{ readonly port: number; readonly close: () => void }> {
  const server: Server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  if (how === 'refuse') server.close();
  return { port, close: () => void (how === 'swallow' && server.close()) };
}
