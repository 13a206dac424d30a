// Tries to read a word that only a server outside the cluster can say. A handshake alone proves nothing: proxies and policy
// engines complete handshakes on behalf of addresses that nobody reaches.
import { connect } from 'node:net';

export interface Outside {
  readonly host: string;
  readonly port: number;
  readonly nonce: string;
}

export type Attempt = 'nonce' | 'no nonce' | 'unresolved';

const mostBytes = 64 * 1024;

/** Says hello as a browser would, and listens until the nonce came, the other side has ended, or the time is over. */
export function readNonce({ host, port, nonce }: Outside, withinMs: number): Promise<Attempt> {
  return new Promise((resolve) => {
    let seen = '';
    const socket = connect({ host, port });
    const end = (attempt: Attempt) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(attempt);
    };
    const timer = setTimeout(() => end('no nonce'), withinMs);
    socket
      .setEncoding('latin1')
      .on('connect', () => socket.write(`GET / HTTP/1.0\r\nHost: ${host}\r\n\r\n`))
      .on('data', (text) => {
        seen += text;
        if (seen.includes(nonce)) end('nonce');
        else if (seen.length > mostBytes) end('no nonce');
      })
      .on('error', ({ code }: NodeJS.ErrnoException) =>
        end(code === 'ENOTFOUND' || code === 'EAI_AGAIN' ? 'unresolved' : 'no nonce'),
      )
      .on('close', () => end('no nonce'));
  });
}
