// Who is asked before its network is there, and who is asked again.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { loadConfig } from '../config/index.ts';
import { makeClients } from './targets.ts';

const path = resolve(import.meta.dirname, '../../fixtures/campaigns/charter.yaml');

const healthy = '{"status":"ok"}';

async function listening(port: number, body = healthy): Promise<Server> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(body);
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  return server;
}

async function whileListening(port: number, body: string, act: () => Promise<void>): Promise<void> {
  const server = await listening(port, body);
  try {
    await act();
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function freePort(): Promise<number> {
  const server = await listening(0);
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

async function clientsFor(port: number, settleMs: number) {
  const config = await loadConfig({ path, env: {}, embedded: true });
  const url = `http://127.0.0.1:${port}`;
  const targets = { ...config.data.targets, cockpitBackend: { url, expected: true } };
  const moved = { ...config, data: { ...config.data, targets } } as unknown as typeof config;
  return makeClients(moved, { onSecret: () => {}, onRowValue: () => {}, settleMs });
}

test('in a new Pod a target is asked again until the network is there', async () => {
  const port = await freePort();
  const clients = await clientsFor(port, performance.now() + 20_000);
  const identified = clients.identify(['cockpitBackend']);
  await sleep(500);
  await whileListening(port, healthy, () => identified);
});

test('also where a campaign has left a fake clock', async () => {
  const port = await freePort();
  const clients = await clientsFor(port, performance.now() + 20_000);
  onTestFinished(() => void vi.useRealTimers());
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  const identified = clients.identify(['cockpitBackend']);
  await sleep(500);
  await whileListening(port, healthy, () => identified);
});

test('who answers as something else is not asked again', async () => {
  const port = await freePort();
  const start = performance.now();
  const clients = await clientsFor(port, start + 60_000);
  await whileListening(port, '"somebody else"', async () => {
    await expect(clients.identify(['cockpitBackend'])).rejects.toMatchObject({ kind: 'no-identity' });
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

test('when the time for that is over, and where there is no Pod, it is told at once', async () => {
  const port = await freePort();
  for (const settleMs of [0, 1]) {
    const clients = await clientsFor(port, settleMs);
    await expect(clients.identify(['cockpitBackend'])).rejects.toMatchObject({ kind: 'connect-refused' });
  }
});
