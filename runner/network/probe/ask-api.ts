// A request to an API server. It repeats the Audit-ID of whoever asks, also when it refuses: that is the nonce coming back.
import { request } from 'node:https';
import { type Attempt, attemptOf } from './attempt.ts';

export interface AskedApi {
  readonly address: string;
  readonly port: number;
  readonly nonce: string;
  readonly timeoutMs: number;
  /** The first packet has left. */
  readonly onSent: () => void;
}

export function askApi({ address, port, nonce, timeoutMs, onSent }: AskedApi): Promise<Attempt> {
  return new Promise((resolve) => {
    const asked = request({
      host: address,
      port,
      path: '/version',
      headers: { 'Audit-ID': nonce },
      // No secret is sent, and the nonce is the proof: a Pod without a token has no CA to check against either.
      rejectUnauthorized: false,
      agent: false,
    });
    // A socket connects in the next tick.
    setImmediate(onSent);
    const end = (attempt: Attempt) => {
      clearTimeout(timer);
      asked.destroy();
      resolve(attempt);
    };
    const timer = setTimeout(() => end({ letter: 't' }), timeoutMs);
    asked.on('response', ({ headers, statusCode }) => {
      const back = headers['audit-id'];
      if (back === nonce) end({ letter: 'o' });
      else end({ letter: back === undefined ? 'i' : 'n', note: `status ${statusCode}, Audit-ID ${back}` });
    });
    asked.on('error', (error: NodeJS.ErrnoException) => end(attemptOf(error)));
    asked.end();
  });
}
