// execution.lock.mode postgres with real sessions: one at a time, freed by a death, kept over a connection that is cut or falls
// silent, lost to another.
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test, vi } from 'vitest';
import { acquireSession } from '../execution/index.ts';
import { lockSessions, type PostgresConnection } from '../store/index.ts';
import { onPostgres } from '../store/testing/each-store.ts';
import { eventually } from '../store/testing/eventually.ts';
import { startProxy } from '../store/testing/proxy.ts';

vi.setConfig({ testTimeout: 60_000 });
const { signal } = new AbortController();

onPostgres((server) => {
  const connection = (port = server().port): PostgresConnection =>
    server().place({ port, user: 'runner' }).connection;
  const lock = (name: string, holder: string, leaseMs = 30_000, port = server().port) =>
    acquireSession(
      { lock: name, waitMs: 0, leaseMs, graceMs: 0, signal, tell: () => {} },
      { open: lockSessions(connection(port), { lock: name, holder, leaseMs }) },
    );
  const ask = async (sql: string) => {
    const { Client } = (await import('pg')).default;
    const client = new Client(server().place().connection.pool);
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  const cut = () =>
    ask("select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'Job %'");

  beforeAll(() => ask('create role runner login'));

  test('a second run is refused and told who holds it; it may run when the first has ended', async () => {
    const first = await lock('refused', 'Job nightly-1, Pod x');
    await expect(lock('refused', 'Job nightly-2')).rejects.toMatchObject({
      code: 'CHR_RUN_LOCKED',
      message: expect.stringMatching(/held by Job nightly-1, Pod x since \d{4}-/),
    });
    await (await lock('another platform', 'Job nightly-3')).release();
    await first.release();
    await (await lock('refused', 'Job nightly-2')).release();
  });

  test('a cut connection that nobody used is taken up again, and cases go on', async () => {
    const held = await lock('cut', 'Job nightly-4', 3_000);
    const seen: number[] = [];
    held.follow((until) => seen.push(until));
    await cut();
    const before = held.until();
    await eventually(async () => expect(seen.some((until) => until > before)).toBe(true));
    expect(held.lost.aborted).toBe(false);
    await expect(lock('cut', 'Job nightly-5')).rejects.toMatchObject({ code: 'CHR_RUN_LOCKED' });
    await held.release();
  });

  test('a cut connection that another run used is the end of this one', async () => {
    const held = await lock('stolen', 'Job nightly-6', 3_000);
    await cut();
    const thief = await lock('stolen', 'Job nightly-7');
    await eventually(async () => expect(held.lost.aborted).toBe(true));
    expect(held.lost.reason).toMatch(/^lost the run lock to Job nightly-7 since /);
    await held.release();
    await thief.release();
  });

  test('a run whose connection is swallowed goes on, and nobody who asks all the time is quicker', async () => {
    const proxy = await startProxy(server().port);
    const held = await lock('swallowed', 'Job nightly-10, Pod x', 3_000, proxy.port);
    const other = await lockSessions(connection(), {
      lock: 'swallowed',
      holder: 'Job nightly-11',
      leaseMs: 30_000,
    })();
    const seen: number[] = [];
    held.follow((until) => seen.push(until));
    try {
      expect(proxy.swallow()).toBeGreaterThan(0);
      await eventually(async () => {
        expect(await other.tryLock()).toMatch(/^Job nightly-10, Pod x since /);
        expect(held.lost.reason).toBeUndefined();
        expect(seen).not.toEqual([]);
      });
      await held.release();
      await eventually(async () => expect(await other.tryLock()).toBeUndefined());
    } finally {
      await other.close();
      proxy.close();
    }
  });

  test('the end of a run does not wait for a connection that is swallowed', async () => {
    const proxy = await startProxy(server().port);
    const held = await lock('ends', 'Job nightly-12', 3_000, proxy.port);
    proxy.swallow();
    const ended = held.release().then(() => 'ended');
    expect(await Promise.race([ended, sleep(20_000, 'still waiting')])).toBe('ended');
    proxy.close();
  });

  test('a server that stays away ends the run before its lease is over', async () => {
    const held = await lock('away', 'Job nightly-8', 3_000);
    await server().halt('immediate');
    await eventually(async () => expect(held.lost.aborted).toBe(true));
    expect(held.lost.reason).toMatch(/^could not renew the run lock for \d+ s: /);
    await held.release();
    await server().resume();
    await (await lock('away', 'Job nightly-9')).release();
  });
});
