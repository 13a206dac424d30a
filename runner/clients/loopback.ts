// Servers on loopback for the tests of this room: real sockets, so that refusals, resets and hangs are the real ones.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { createHttp, type Http, type HttpOptions } from './transport/http.ts';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly body: string;
  /** Port of the client: equal for two requests over one connection. */
  readonly clientPort: number;
}

export interface Loopback extends AsyncDisposable {
  readonly url: string;
  readonly seen: readonly Seen[];
}

export type Answerer = (request: Seen, response: ServerResponse, count: number) => void;

export async function loopback(answer: Answerer): Promise<Loopback> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers, rawHeaders, socket } = request;
    const body = Buffer.concat(chunks).toString('utf8');
    const entry = { method, url, headers, rawHeaders, body, clientPort: socket.remotePort ?? 0 };
    seen.push(entry);
    answer(entry, response, seen.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

/** A server below HTTP. `url` has no scheme's default port in it. */
export async function rawLoopback(
  talk: (socket: Socket) => void,
): Promise<AsyncDisposable & { readonly port: number }> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    talk(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** A port on which nothing listens. */
export async function freePort(): Promise<number> {
  const server = await rawLoopback(() => {});
  await server[Symbol.asyncDispose]();
  return server.port;
}

export function httpTo(baseUrl: string, options: Partial<HttpOptions> = {}): Http {
  return createHttp({
    target: 'trino',
    baseUrl,
    connectMs: 500,
    requestMs: 2_000,
    onSecret: () => {},
    ...options,
  });
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
