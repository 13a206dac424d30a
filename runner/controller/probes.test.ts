import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { type Controller, type Leadership, readyToReconcile, serveProbes } from './index.ts';

test('ready means caches synced and leadership known, and a no says why', async () => {
  let synced = false;
  let state: ReturnType<Leadership['state']> = 'unknown';
  const controllers = [{ name: 'tenants', hasSynced: () => synced }] as unknown as Controller[];
  const ready = readyToReconcile(controllers, { state: () => state } as Leadership);
  await using probes = await serveProbes({ host: '127.0.0.1', port: 0, ready, registry: new Registry() });
  const ask = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${probes.port}${path}`);
    return [answer.status, await answer.text()];
  };
  expect(await ask('/readyz')).toEqual([
    503,
    'not ok caches of tenants: not all sources have been read yet\n' +
      'not ok leadership: the API server does not say who leads\nnot ok\n',
  ]);
  synced = true;
  expect((await ask('/readyz'))[0]).toBe(503);
  state = 'following';
  expect(await ask('/readyz')).toEqual([200, 'ok caches of tenants\nok leadership\nok\n']);
  expect(await ask('/healthz')).toEqual([200, 'ok\n']);
  expect((await ask('/metrics'))[0]).toBe(200);
});

test('a port that is taken is an error, not silence', async () => {
  await using first = await serveProbes({ host: '127.0.0.1', port: 0, ready: [] });
  await expect(serveProbes({ host: '127.0.0.1', port: first.port, ready: [] })).rejects.toThrow('EADDRINUSE');
});
