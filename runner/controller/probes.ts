// /healthz, /readyz and /metrics of an operator: a probe that says no also says why.
import { type ServerType, serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { Registry } from 'prom-client';
import type { Controller, Leadership } from './types.ts';

/** Undefined is good; a text says what is missing. */
export interface Check {
  readonly name: string;
  readonly trouble: () => string | undefined;
}

export interface ProbesOptions {
  /** All addresses when not given. */
  readonly host?: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly ready: readonly Check[];
  /** What only a restart can mend. Answering at all is always part of it. */
  readonly live?: readonly Check[];
  readonly registry?: Registry;
}

export interface Probes extends AsyncDisposable {
  readonly port: number;
}

/** A follower that has seen its caches and the leader is ready: it could take over now. */
export function readyToReconcile(controllers: readonly Controller[], leadership?: Leadership): Check[] {
  return [
    ...controllers.map(({ name, hasSynced }) => ({
      name: `caches of ${name}`,
      trouble: () => (hasSynced() ? undefined : 'not all sources have been read yet'),
    })),
    ...(leadership === undefined
      ? []
      : [
          {
            name: 'leadership',
            trouble: () =>
              leadership.state() === 'unknown' ? 'the API server does not say who leads' : undefined,
          },
        ]),
  ];
}

/** Resolves when it listens; rejects when the port is taken. */
export function serveProbes(options: ProbesOptions): Promise<Probes> {
  const { host, port, ready, live = [], registry } = options;
  const app = new Hono();
  for (const [path, checks] of [
    ['/healthz', live],
    ['/readyz', ready],
  ] as const)
    app.get(path, (context) => {
      const found = checks.map(({ name, trouble }) => ({ name, trouble: trouble() }));
      const lines = found.map((one) =>
        one.trouble === undefined ? `ok ${one.name}` : `not ok ${one.name}: ${one.trouble}`,
      );
      const good = found.every((one) => one.trouble === undefined);
      return context.text(`${[...lines, good ? 'ok' : 'not ok'].join('\n')}\n`, good ? 200 : 503);
    });
  if (registry !== undefined)
    app.get('/metrics', async (context) =>
      context.text(await registry.metrics(), 200, { 'content-type': registry.contentType }),
    );
  return new Promise((resolve, reject) => {
    const server: ServerType = serve(
      { fetch: app.fetch, port, ...(host === undefined ? {} : { hostname: host }) },
      (address) =>
        resolve({
          port: address.port,
          [Symbol.asyncDispose]: () =>
            new Promise((closed) => {
              server.close(() => closed());
              if ('closeAllConnections' in server) server.closeAllConnections();
            }),
        }),
    );
    server.once('error', reject);
  });
}
