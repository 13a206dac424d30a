// execution.lock.mode postgres with real sessions: one at a time, freed by a death, kept over a cut connection, lost to another.
import { expect, test, vi } from 'vitest';
import { acquireSession } from '../execution/index.ts';
import { openLockSession, type PostgresConnection } from '../store/index.ts';
import { onPostgres } from '../store/testing/each-store.ts';
import { eventually } from '../store/testing/eventually.ts';

vi.setConfig({ testTimeout: 60_000 });
const { signal } = new AbortController();

onPostgres((server) => {
  const connection = (): PostgresConnection => server().place().connection;
  const lock = (name: string, holder: string, leaseMs = 30_000) =>
    acquireSession(
      { lock: name, waitMs: 0, leaseMs, graceMs: 0, signal, tell: () => {} },
      { open: () => openLockSession(connection(), name, holder) },
    );
  const cut = async () => {
    const { Client } = (await import('pg')).default;
    const client = new Client(connection().pool);
    await client.connect();
    await client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'Job %'",
    );
    await client.end();
  };

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
    const held = await lock('cut', 'Job nightly-4', 1_500);
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

  test('a server that stays away ends the run before its lease is over', async () => {
    const held = await lock('away', 'Job nightly-8', 1_200);
    await server().halt('immediate');
    await eventually(async () => expect(held.lost.aborted).toBe(true));
    expect(held.lost.reason).toMatch(/^could not renew the run lock for \d+ s: /);
    await held.release();
    await server().resume();
    await (await lock('away', 'Job nightly-9')).release();
  });
});
