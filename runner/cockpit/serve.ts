// The cockpit on a socket.
import type { AddressInfo } from 'node:net';
import { type HttpBindings, serve } from '@hono/node-server';
import { CharterError } from '../errors/index.ts';
import type { CockpitOptions } from './app.ts';
import { createCockpit } from './app.ts';

export interface ServeOptions extends Omit<CockpitOptions, 'addressOf'> {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

export interface Serving {
  readonly url: string;
  /** Ends open answers too. */
  readonly close: () => Promise<void>;
}

/** Throws CHR_COCKPIT where the address cannot be taken. */
export function serveCockpit({ host, port, ...options }: ServeOptions): Promise<Serving> {
  const { app, close } = createCockpit({ ...options, addressOf });
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, (address: AddressInfo) => {
      const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;
      resolve({ url: `http://${shown}:${address.port}`, close: () => stop() });
    });
    server.once('error', (cause) => {
      close();
      const why = (cause as NodeJS.ErrnoException).code ?? String(cause);
      reject(
        new CharterError('CHR_COCKPIT', `The cockpit cannot listen on ${host}:${port}: ${why}`, { cause }),
      );
    });
    const stop = (): Promise<void> => {
      close();
      return new Promise((done) => {
        server.close(() => done());
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
    };
  });
}

/** Of the socket, not of any header. */
function addressOf(env: unknown): string | undefined {
  return (env as Partial<HttpBindings> | undefined)?.incoming?.socket.remoteAddress;
}
