// The cockpit on a socket.
import type { AddressInfo } from 'node:net';
import { type HttpBindings, type ServerType, serve } from '@hono/node-server';
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
export async function serveCockpit({ host, port, ...options }: ServeOptions): Promise<Serving> {
  const { app, close } = createCockpit({ ...options, addressOf });
  try {
    const { server, address } = await listenOnAny(host, (hostname) => listening(app.fetch, hostname, port));
    const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;
    const stop = (): Promise<void> => {
      close();
      return new Promise((done) => {
        server.close(() => done());
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
    };
    return { url: `http://${shown}:${address.port}`, close: stop };
  } catch (cause) {
    close();
    const why = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new CharterError('CHR_COCKPIT', `The cockpit cannot listen on ${host}:${port}: ${why}`, { cause });
  }
}

/** `::` is every address of both families, and where there is no IPv6 every one of IPv4. */
export async function listenOnAny<T>(host: string, listen: (host: string) => Promise<T>): Promise<T> {
  try {
    return await listen(host);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (host !== '::' || !noSuchFamily.has(code)) throw error;
    return listen('0.0.0.0');
  }
}

const noSuchFamily: ReadonlySet<string> = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL']);

interface Listening {
  readonly server: ServerType;
  readonly address: AddressInfo;
}

function listening(
  answer: Parameters<typeof serve>[0]['fetch'],
  hostname: string,
  port: number,
): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: answer, hostname, port }, (address: AddressInfo) =>
      resolve({ server, address }),
    );
    server.once('error', reject);
  });
}

/** Of the socket, not of any header. */
function addressOf(env: unknown): string | undefined {
  return (env as Partial<HttpBindings> | undefined)?.incoming?.socket.remoteAddress;
}
