// The client side: one cycle asks everybody everything at once, and its own ports over loopback.
import { randomBytes } from 'node:crypto';
import { askApi } from './ask-api.ts';
import { dnsQuestion, judgeDns } from './ask-dns.ts';
import { askTcp } from './ask-tcp.ts';
import { askUdp } from './ask-udp.ts';
import type { Attempt } from './attempt.ts';
import type { Fault } from './faults.ts';
import type { Turns } from './turns.ts';
import {
  askText,
  judgeAnswer,
  type OutcomeLetter,
  type PlannedPort,
  type Probe,
  portText,
  selfClient,
} from './wire.ts';

export interface Asker {
  readonly id: string;
  readonly uid: string;
  readonly boot: string;
  /** Where its own ports are reached without leaving the Pod. */
  readonly loopback: string;
  readonly ports: readonly PlannedPort[];
  readonly faults: ReadonlySet<Fault>;
  readonly turns: Turns;
}

export interface CycleResult {
  readonly seen: string;
  readonly ends: readonly number[];
  readonly self: string;
  readonly notes: Readonly<Record<number, string>>;
}

export async function runCycle(
  asker: Asker,
  probes: readonly Probe[],
  { seq, timeoutMs }: { readonly seq: number; readonly timeoutMs: number },
): Promise<CycleResult> {
  const start = performance.now();
  const notes: Record<number, string> = {};
  const ends: number[] = [];
  const letters: OutcomeLetter[] = [];
  const attempt = async (index: number, onSent?: () => void) => {
    const numbers = { seq, index, timeoutMs, onSent };
    const { letter, note } = await askOne(asker, probes[index] as Probe, numbers);
    letters[index] = letter;
    ends[index] = Math.round(performance.now() - start);
    if (note !== undefined) notes[index] = note.slice(0, 80);
  };
  const first = asker.turns.first(Date.now());
  const sent = Promise.withResolvers<void>();
  const head = first === undefined || first >= probes.length ? [] : [attempt(first, sent.resolve)];
  if (head.length > 0) await Promise.race([...head, sent.promise]);
  const rest = shuffled(probes.keys()).filter((index) => head.length === 0 || index !== first);
  const selfProbes = asker.ports.map(async (port) => {
    const own = {
      ...port,
      to: asker.id,
      address: asker.loopback,
      kind: 'peer' as const,
      uid: asker.uid,
      below: '',
      isControl: false,
    };
    const asked = { ...asker, id: selfClient(asker.id) };
    return (await askOne(asked, own, { seq, index: 0, timeoutMs })).letter;
  });
  const [self] = await Promise.all([
    Promise.all(selfProbes),
    ...head,
    ...rest.map((index) => attempt(index)),
  ]);
  asker.turns.note(probes, letters);
  return { seen: letters.join(''), ends, self: self.join(''), notes };
}

/** In each cycle others are early: see turns.ts. */
function shuffled(indices: Iterable<number>): number[] {
  return [...indices]
    .map((index) => [Math.random(), index] as const)
    .sort(([a], [b]) => a - b)
    .map(([, index]) => index);
}

interface Numbers {
  readonly seq: number;
  readonly index: number;
  readonly timeoutMs: number;
  readonly onSent?: (() => void) | undefined;
}

async function askOne(asker: Asker, probe: Probe, numbers: Numbers): Promise<Attempt> {
  if (asker.faults.has('broken-client')) return { letter: 'r' };
  const attempt = await ask(asker, probe, numbers).catch((error: Error) => ({
    letter: 'b' as const,
    note: error.message,
  }));
  if (attempt.letter === 'r' && asker.faults.has('swallow-refusal')) return { letter: 't' };
  if (attempt.letter === 't' && asker.faults.has('invent-refusal')) return { letter: 'r' };
  return attempt;
}

async function ask(asker: Asker, probe: Probe, numbers: Numbers): Promise<Attempt> {
  const { address, port, protocol, kind } = probe;
  const { seq, index, timeoutMs } = numbers;
  const onSent = numbers.onSent ?? (() => {});
  const nonce = randomBytes(8).toString('hex');
  const over = protocol === 'TCP' ? askTcp : askUdp;
  if (kind === 'api') return askApi({ address, port, nonce, timeoutMs, onSent });
  if (kind === 'dns') {
    const text = dnsQuestion({ nonce, below: probe.below, protocol });
    return over({
      address,
      port,
      text,
      timeoutMs,
      onSent,
      judge: (answer) => judgeDns(answer, nonce, protocol),
    });
  }
  const question = { client: asker.id, boot: asker.boot, seq, index, port: portText(probe), nonce };
  const expected = { id: probe.to, uid: probe.uid, port: portText(probe), nonce };
  return over({
    address,
    port,
    text: askText(question),
    timeoutMs,
    onSent,
    judge: (answer) =>
      answer.at(-1) === 0x0a ? judgeAnswer(answer.toString('latin1'), expected) : undefined,
  });
}
