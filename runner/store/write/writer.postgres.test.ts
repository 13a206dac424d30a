// A run that writes itself to a real Postgres: rows at once, taken back where they must be, and never an end that they do not bear out.
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { JournalEvent } from '../../journal/index.ts';
import { openStore } from '../open.ts';
import { onPostgres } from '../testing/each-store.ts';
import { eventually } from '../testing/eventually.ts';
import { at, cases, ToldRun, writing } from '../testing/told-run.ts';
import { pushEvents } from './push.ts';
import { markAborted, writeEnd } from './statements.ts';
import { runWriter } from './writer.ts';

onPostgres((server) => {
  const { told, options, owner, runOf } = writing(server);

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
      reason: 'no sign of life any more',
    });
    await store.close();
    for (const i of [0, 1, 2]) run.pass(i);
    await run.end();
    expect(await runOf('silent')).toMatchObject({ status: 'passed', pass: 3 });
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
