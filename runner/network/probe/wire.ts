// What the prober reads and writes: its plan, its log records, and what travels between two Pods. No dependencies but node:
// modules in this folder: the image `probe` is Node and these files.

export type ProbeProtocol = 'TCP' | 'UDP';

export interface PlannedPort {
  readonly port: number;
  readonly protocol: ProbeProtocol;
}

export interface PlannedPeer {
  /** `x/a`. */
  readonly id: string;
  readonly address: string;
  /** UID of the Pod: whoever answers with another one is somebody else. */
  readonly uid: string;
  readonly ports: readonly PlannedPort[];
  /** No policy isolates it: being refused there is the client's own isolation, and nobody else's. */
  readonly isControl?: true;
}

export interface PlannedOutside extends PlannedPort {
  readonly id: string;
  readonly kind: 'dns' | 'api';
  readonly address: string;
  /** Of a `dns`: the name for which it answers itself. */
  readonly below?: string;
}

/** Arrives by a file that the kubelet keeps equal to an annotation of the Pod, so that no policy can cut it off. */
export interface Plan {
  /** Grows with every plan of the world. */
  readonly generation: number;
  readonly cycleMs: number;
  readonly timeoutMs: number;
  readonly peers: readonly PlannedPeer[];
  readonly outside: readonly PlannedOutside[];
}

/** One thing to try in a cycle. Records name it by its index in {@link probesOf}. */
export interface Probe extends PlannedPort {
  readonly to: string;
  readonly address: string;
  readonly kind: 'peer' | 'dns' | 'api';
  readonly uid: string;
  /** Of a `dns`; empty at others. */
  readonly below: string;
  readonly isControl: boolean;
}

export function probesOf(plan: Plan): readonly Probe[] {
  return [
    ...plan.peers.flatMap(({ id, ports, isControl = false, ...peer }) =>
      ports.map((one) => ({ ...one, ...peer, to: id, kind: 'peer' as const, below: '', isControl })),
    ),
    ...plan.outside.map(({ id, below = '', ...rest }) => ({
      ...{ ...rest, to: id, uid: '', below },
      isControl: false,
    })),
  ];
}

/** What a client saw of a probe, one letter each, so that a cycle is one short line. */
export const outcomes = {
  o: 'ok',
  t: 'timeout',
  r: 'refused',
  x: 'reset',
  u: 'unreachable',
  n: 'wrong-nonce',
  i: 'wrong-identity',
  b: 'broken',
} as const;
export type OutcomeLetter = keyof typeof outcomes;

interface Stamped {
  /** `x/a`. */
  readonly id: string;
  readonly uid: string;
  /** Random per start of the process. */
  readonly boot: string;
  /** Milliseconds of this process's monotonic clock, when the line was written. */
  readonly mono: number;
  /** Milliseconds since 1970 by the Pod's clock, at the same moment. */
  readonly wall: number;
}

/** A client's cycle. */
export interface CycleRecord extends Stamped {
  readonly type: 'cycle';
  readonly seq: number;
  readonly generation: number;
  /** By the monotonic clock. */
  readonly start: number;
  /** A letter per probe. */
  readonly seen: string;
  /** Milliseconds from `start` to the end of each probe. */
  readonly ends: readonly number[];
  /** A letter per port of its own, reached over loopback. */
  readonly self: string;
  /** Words to single probes: who answered, which error. */
  readonly notes: Readonly<Record<number, string>>;
}

/** Nonces that its servers saw since the last line. */
export interface SightingRecord extends Stamped {
  readonly type: 'saw';
  /** `client boot seq` to the indices of that cycle's probes, as a hexadecimal number with a bit for each. */
  readonly saw: Readonly<Record<string, string>>;
}

/** Its ports are being served, as far as they could be; written once. */
export interface HelloRecord extends Stamped {
  readonly type: 'hello';
  readonly address: string;
  readonly ports: readonly PlannedPort[];
}

export type ProbeRecord = CycleRecord | SightingRecord | HelloRecord;

/** Undefined for a line that is none of ours: a runtime's warning, a half line. */
export function recordOf(line: string): ProbeRecord | undefined {
  if (!line.startsWith('{"type":"')) return undefined;
  try {
    const record = JSON.parse(line) as ProbeRecord;
    return ['cycle', 'saw', 'hello'].includes(record.type) ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Space-separated words of one line: `charter-ask client boot seq index port/protocol nonce`. */
export interface Question {
  readonly client: string;
  readonly boot: string;
  readonly seq: number;
  readonly index: number;
  /** `80/TCP`, the one that is meant. */
  readonly port: string;
  readonly nonce: string;
}

export function askText({ client, boot, seq, index, port, nonce }: Question): string {
  return `charter-ask ${client} ${boot} ${seq} ${index} ${port} ${nonce}\n`;
}

/** Who asks over loopback: such questions belong to no cell, so servers do not tell of them. */
export function selfClient(id: string): string {
  return `self:${id}`;
}

export function questionOf(text: string): Question | undefined {
  const found = /^charter-ask (\S+) (\S+) (\d+) (\d+) (\S+) (\S+)\n$/.exec(text);
  if (found === null) return undefined;
  const [, client = '', boot = '', seq, index, port = '', nonce = ''] = found;
  return { client, boot, seq: Number(seq), index: Number(index), port, nonce };
}

/** `charter-answer id uid port/protocol nonce`: who it is, and the nonce back. */
export function answerText(who: { id: string; uid: string; port: string; nonce: string }): string {
  return `charter-answer ${who.id} ${who.uid} ${who.port} ${who.nonce}\n`;
}

/** Compares an answer with what was asked of whom. */
export function judgeAnswer(
  text: string,
  expected: { readonly id: string; readonly uid: string; readonly port: string; readonly nonce: string },
): { readonly letter: 'o' | 'n' | 'i'; readonly note?: string } {
  const found = /^charter-answer (\S+) (\S+) (\S+) (\S+)\n$/.exec(text);
  if (found === null) return { letter: 'i', note: `answered ${JSON.stringify(text.slice(0, 40))}` };
  const [, id, uid, port, nonce] = found;
  if (id !== expected.id || uid !== expected.uid || port !== expected.port) {
    return { letter: 'i', note: `answered by ${id} ${uid} ${port}` };
  }
  return nonce === expected.nonce ? { letter: 'o' } : { letter: 'n', note: `nonce ${nonce}` };
}

export function portText({ port, protocol }: PlannedPort): string {
  return `${port}/${protocol}`;
}
