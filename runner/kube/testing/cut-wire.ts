// A wire between a client and an API server that the test cuts and mends. TLS goes through it untouched.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface CutWire extends AsyncDisposable {
  readonly url: string;
  /** Resets what is connected, and whatever connects from now on. */
  readonly cut: () => void;
  /** Bytes are taken and not passed on, in both directions; nothing is closed. */
  readonly hush: () => void;
  readonly mend: () => void;
}

export async function cutWire(to: string): Promise<CutWire> {
  const { hostname, port } = new URL(to);
  let state: 'whole' | 'cut' | 'hushed' = 'whole';
  const open = new Set<Socket>();
  const server = createServer((near) => {
    if (state === 'cut') return near.resetAndDestroy();
    const far = connect(Number(port), hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.on('data', (bytes) => {
        if (state === 'whole') other.write(bytes);
      });
      one.on('error', () => {});
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: own } = server.address() as { port: number };
  const reset = () => {
    for (const socket of open) socket.resetAndDestroy();
  };
  return {
    url: `https://127.0.0.1:${own}`,
    cut: () => {
      state = 'cut';
      reset();
    },
    hush: () => {
      state = 'hushed';
    },
    mend: () => {
      state = 'whole';
    },
    [Symbol.asyncDispose]: async () => {
      reset();
      server.close();
      await once(server, 'close');
    },
  };
}
