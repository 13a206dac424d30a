// A TCP proxy before a database that can cut its connections, hold or swallow them: what a network does to a run.
import { connect, createServer, type Server, type Socket } from 'node:net';

export interface WireProxy {
  readonly port: number;
  /** Every connection ends at once. Returns how many there were, as do `hold` and `swallow`. */
  readonly cut: () => number;
  /** Nothing goes through until `release`. */
  readonly hold: () => number;
  readonly release: () => void;
  /** Connections that stand never hear anything again, nor that they are over (half-open); new ones are as ever. */
  readonly swallow: () => number;
  readonly close: () => void;
}

export async function startProxy(target: number): Promise<WireProxy> {
  const sockets = new Set<Socket>();
  const swallowed = new Set<Socket>();
  let held = false;
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    if (held) socket.pause();
  };
  const server: Server = createServer((client) => {
    const database = connect(target, '127.0.0.1');
    for (const [one, other] of [
      [client, database],
      [database, client],
    ] as const) {
      track(one);
      one.on('data', (chunk) => other.write(chunk)).on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const all = (act: (socket: Socket) => void) => {
    const standing = [...sockets].filter((socket) => !swallowed.has(socket));
    for (const socket of standing) act(socket);
    return standing.length;
  };
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cut: () => all((socket) => socket.destroy()),
    hold: () => {
      held = true;
      return all((socket) => socket.pause());
    },
    release: () => {
      held = false;
      all((socket) => socket.resume());
    },
    swallow: () => all((socket) => void swallowed.add(socket.pause())),
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
