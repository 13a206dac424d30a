// A question to a DNS server whose name holds the nonce: the answer, also "no such name", repeats it. The name lies below one for which
// the server answers itself: asking another server takes as long as that one likes, and over TCP some never answer then.
import type { Attempt } from './attempt.ts';
import type { PlannedPort } from './wire.ts';

export interface DnsAsked {
  readonly nonce: string;
  /** That the server answers for: `svc.cluster.local`. */
  readonly below: string;
  readonly protocol: PlannedPort['protocol'];
}

/** Sent as it is; over TCP it carries the length in front (RFC 1035, 4.2.2). */
export function dnsQuestion({ nonce, below, protocol }: DnsAsked): Buffer {
  const labels = [nonce, 'charter-runner', ...below.split('.')];
  const name = labels.map((label) =>
    Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'ascii')]),
  );
  // Identity 0x6368, recursion desired, one question; type A, class IN.
  const header = Buffer.from([0x63, 0x68, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  const message = Buffer.concat([header, ...name, Buffer.from([0, 0, 1, 0, 1])]);
  if (protocol === 'UDP') return message;
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

/** Undefined while the answer is not whole (TCP). */
export function judgeDns(
  answer: Buffer,
  nonce: string,
  protocol: PlannedPort['protocol'],
): Attempt | undefined {
  if (protocol === 'TCP') {
    if (answer.length < 2 || answer.length < 2 + answer.readUInt16BE(0)) return undefined;
  }
  const message = protocol === 'TCP' ? answer.subarray(2) : answer;
  const isAnswer = message.length > 12 && message.readUInt16BE(0) === 0x6368 && (message[2] ?? 0) >= 0x80;
  if (!isAnswer) return { letter: 'i', note: 'no DNS answer' };
  return message.includes(Buffer.from(nonce, 'ascii'))
    ? { letter: 'o' }
    : { letter: 'n', note: 'another question was answered' };
}
