// One question over TCP. A handshake proves nothing (proxies and kube-proxy complete it for anybody): only the answer counts.
import { connect } from 'node:net';
import { type Attempt, attemptOf } from './attempt.ts';

export interface Asked {
  readonly address: string;
  readonly port: number;
  readonly text: string | Uint8Array;
  readonly timeoutMs: number;
  /** The first packet has left. */
  readonly onSent?: () => void;
  /** Looks at all that has come so far; undefined: not whole yet. */
  readonly judge: (answer: Buffer) => Attempt | undefined;
}

export function askTcp({ address, port, text, timeoutMs, judge, onSent }: Asked): Promise<Attempt> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, noDelay: true });
    // A socket connects in the next tick.
    if (onSent !== undefined) setImmediate(onSent);
    let got: Buffer = Buffer.alloc(0);
    const end = (attempt: Attempt) => {
      clearTimeout(timer);
      // A reset leaves no TIME_WAIT behind: hundreds of these are opened every second. While connecting, it would wait for the
      // handshake first.
      if (socket.connecting) socket.destroy();
      else socket.resetAndDestroy();
      resolve(attempt);
    };
    const timer = setTimeout(() => end({ letter: 't' }), timeoutMs);
    socket.on('connect', () => socket.write(text));
    socket.on('data', (data: Buffer) => {
      got = Buffer.concat([got, data]);
      const attempt = judge(got);
      if (attempt !== undefined) end(attempt);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => end(attemptOf(error)));
    socket.on('end', () => end({ letter: 'x', note: 'closed without an answer' }));
  });
}
