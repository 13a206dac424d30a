// What one attempt of a client came to, and how errors of sockets are told in letters.
import type { OutcomeLetter } from './wire.ts';

export interface Attempt {
  readonly letter: OutcomeLetter;
  readonly note?: string;
}

const letters: Readonly<Record<string, OutcomeLetter>> = {
  // TCP: a RST or ICMP "port unreachable"; UDP: ICMP. Node cannot tell them apart, controls and self-probes can.
  ECONNREFUSED: 'r',
  ECONNRESET: 'x',
  EPIPE: 'x',
  ETIMEDOUT: 't',
  EHOSTUNREACH: 'u',
  ENETUNREACH: 'u',
  EHOSTDOWN: 'u',
  EPROTO: 'u',
  // An engine that answers with ICMP "administratively prohibited" shows as either of these.
  EACCES: 'u',
  EPERM: 'u',
};

export function attemptOf(error: NodeJS.ErrnoException): Attempt {
  const letter = letters[error.code ?? ''];
  return letter === undefined ? { letter: 'b', note: error.code ?? error.message } : { letter };
}
