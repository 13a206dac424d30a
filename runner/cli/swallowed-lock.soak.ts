// execution.lock.mode postgres where a connection dies and the server is not told: no packet comes back, and no end either.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquireSession, type LeaseLock } from '../execution/index.ts';
import { lockSessions } from '../store/index.ts';
import { onPostgres } from '../store/testing/each-store.ts';
import { startProxy, type WireProxy } from '../store/testing/proxy.ts';

const leaseMs = 6_000;
const graceMs = 1_000;
const { signal } = new AbortController();

onPostgres((server) => {
  let proxy: WireProxy;
  beforeEach(async () => {
    proxy = await startProxy(server().port);
  });
  afterEach(() => proxy.close());

  /** What another run has: a way of its own to the server. */
  const direct = () => server().port;
  const take = (port: number, lock: string, holder: string, waitMs = 0): Promise<LeaseLock> =>
    acquireSession(
      { lock, waitMs, leaseMs, graceMs, signal, tell: () => {} },
      { open: lockSessions(server().place({ port }).connection, { lock, holder, leaseMs }) },
    );

  test('a run that reaches the server no more ends its cases before another one begins', async () => {
    const held = await take(proxy.port, 'cut off', 'Job nightly-3');
    let goneAt = Number.POSITIVE_INFINITY;
    held.lost.addEventListener('abort', () => {
      goneAt = Date.now() + graceMs;
    });
    proxy.hold();
    const other = await take(direct(), 'cut off', 'Job nightly-4', 60_000);
    expect(goneAt).toBeLessThanOrEqual(Date.now());
    expect(held.lost.reason).toMatch(/^could not renew the run lock for \d+ s: /);
    await held.release();
    await other.release();
  });

  test('the lock of a run that was killed behind a swallowed connection is free after leaseMs', async () => {
    // A look is under way when it dies, so the server is told nothing by the end of its socket either.
    const code = `import(process.argv[1]).then(async (m) => {
      const { place, lock, leaseMs } = JSON.parse(process.argv[2]);
      const session = await m.lockSessions(place.connection, { lock, holder: 'Job nightly-5', leaseMs })();
      const at = Date.now();
      console.log(JSON.stringify({ at, holder: await session.tryLock() }));
      setInterval(() => session.look().catch(() => {}), 100);
    })`;
    const request = { place: server().place({ port: proxy.port }), lock: 'killed', leaseMs };
    const child = spawn(
      process.execPath,
      ['--no-warnings', '-e', code, join(import.meta.dirname, '../store/index.ts'), JSON.stringify(request)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [said] = await once(child.stdout, 'data');
    const held = JSON.parse(`${said}`);
    proxy.swallow();
    const swallowedAt = Date.now();
    await sleep(500);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(held).toEqual({ at: expect.any(Number) });
    await expect(take(direct(), 'killed', 'Job nightly-6')).rejects.toMatchObject({ code: 'CHR_RUN_LOCKED' });
    const next = await take(direct(), 'killed', 'Job nightly-6', 60_000);
    expect(Date.now() - held.at).toBeGreaterThanOrEqual(leaseMs);
    expect(Date.now() - swallowedAt).toBeLessThan(leaseMs + 5_000);
    await next.release();
  });
});
