// A database that is away, full or crowded: it delays the end of a run by no more than its limit, and touches no verdict.
import { createServer, type Server } from 'node:net';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { onPostgres } from '../testing/each-store.ts';
import { eventually } from '../testing/eventually.ts';
import { ToldRun, writing } from '../testing/told-run.ts';
import { pushEvents } from './push.ts';
import { runWriter, type WriterClock } from './writer.ts';

onPostgres((server) => {
  const { told, options, owner, runOf } = writing(server);

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
