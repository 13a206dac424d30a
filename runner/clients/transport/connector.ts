// Opens sockets for undici with a connect timeout that is exact (undici's own ticks in half seconds) and measured phases.
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import type { buildConnector } from 'undici';

/** One opened connection: how long the name and the handshake took. */
export interface Opening {
  readonly startedAt: number;
  readonly dnsMs: number;
  readonly connectMs: number;
}

export class ConnectTimeout extends Error {
  override readonly name = 'ConnectTimeout';
  readonly code = 'UND_ERR_CONNECT_TIMEOUT';
}

/** `opened` is told about every connection that was made, before a request uses it. */
export function connector(connectMs: number, opened: (opening: Opening) => void): buildConnector.connector {
  return (options, callback) => {
    const startedAt = performance.now();
    let lookedUpAt = startedAt;
    const socket = open(options);
    const timer = setTimeout(
      () => socket.destroy(new ConnectTimeout(`no connection after ${connectMs} ms`)),
      connectMs,
    );
    let settled = false;
    const settle = (...outcome: [null, Socket] | [Error, null]) => {
      clearTimeout(timer);
      if (settled) return;
      settled = true;
      callback(...outcome);
    };
    socket
      .setNoDelay(true)
      .setKeepAlive(true, 60_000)
      .on('lookup', () => {
        lookedUpAt = performance.now();
      })
      .once(options.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        opened({ startedAt, dnsMs: lookedUpAt - startedAt, connectMs: performance.now() - lookedUpAt });
        settle(null, socket);
      })
      .on('error', (error) => settle(error, null));
  };
}

function open({ protocol, hostname, port, servername }: buildConnector.Options): Socket {
  if (protocol !== 'https:') return connectTcp({ host: hostname, port: Number(port || 80) });
  const name = servername || (isIP(hostname) === 0 ? hostname : undefined);
  // TLS is loaded only where a target uses it: inside a cluster hardly ever.
  return process.getBuiltinModule('node:tls').connect({
    host: hostname,
    port: Number(port || 443),
    ALPNProtocols: ['http/1.1'],
    ...(name === undefined ? {} : { servername: name }),
  });
}
