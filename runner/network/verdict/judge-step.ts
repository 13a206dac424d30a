// All cells of a step at one moment: joins, health, controls, and whether everything has been as expected for two full cycles.

import type { Cell as ModelCell } from '../model/types.ts';
import { type ProbeProtocol, portText } from '../probe/wire.ts';
import { Controls, isTalk } from './control.ts';
import { clientTrouble, type Registered, serverTrouble } from './health.ts';
import { type CellVerdict, judgeCell } from './judge-cell.ts';
import type { Ledger } from './ledger.ts';
import { type Observation, observe } from './observe.ts';
import { type Denial, isRefusedSince, Refusals, signalsAgainst } from './refusals.ts';
import { clientEnd, serverEnd, type Talks } from './talks.ts';
import type { Outcome, PodId } from './types.ts';

export interface StepCell {
  readonly from: PodId;
  readonly to: PodId;
  readonly port: number;
  readonly protocol: ProbeProtocol;
  /** Undefined: a target outside, without a prober. Else the index of the port among the server's own. */
  readonly servedAs: number | undefined;
  /** Of the probe in the client's plan. */
  readonly index: number;
  readonly expected: ModelCell['verdict'];
  /** Where a deny is expected: who denies it. Where a talk is: who could. */
  readonly denials: readonly Denial[];
  /** With a control peer at one end: it is there to prove others, and no cell of the world's. */
  readonly isEvidence?: boolean;
}

export interface StepQuestion {
  readonly cells: readonly StepCell[];
  readonly registered: ReadonlyMap<PodId, Registered>;
  readonly generation: number;
  /** The last write of the step was answered; all by our clock, milliseconds. */
  readonly since: number;
  /** Both confirming cycles begin after this. */
  readonly confirmFrom: number;
  /** And the second of them after this: what must not change is looked at for as long as changes usually take; `confirmFrom` when not given. */
  readonly lookUntil?: number | undefined;
  readonly now: number;
}

export interface JudgedCell extends StepCell, CellVerdict {
  /** What counts as a deny of this cell. */
  readonly signals: readonly Outcome[];
  /** Since the last write, oldest first. */
  readonly observations: readonly Observation[];
}

export interface Judgement {
  readonly cells: readonly JudgedCell[];
  /** Every cell passes, with two cycles that began after `confirmFrom`, the second after `lookUntil`. */
  readonly settled: boolean;
  /** Of a step that has not settled: all that is missing are refusals of Pods whose probes time out, and these are rationed. */
  readonly lacksOnlyRefusals: boolean;
}

export function judgeStep(ledger: Ledger, talks: Talks, question: StepQuestion): Judgement {
  const { registered, now, since, generation } = question;
  const health = { ledger, registered, now };
  const controls = new Controls();
  const refusals = new Refusals();
  const observed = question.cells.map((cell) => {
    const server = cell.servedAs === undefined ? undefined : cell.to;
    const asked = { from: cell.from, server, index: cell.index, generation };
    const observations = observe(ledger, asked, { since, now });
    controls.add(cell, observations);
    noteTalk(ledger, talks, cell, observations);
    return { cell, observations };
  });
  const clients = new Map([...registered.keys()].map((id) => [id, clientTrouble(health, id)]));
  const troubleAt = ({ servedAs, to }: StepCell) =>
    servedAs === undefined ? undefined : serverTrouble(health, to, servedAs);
  const settledFrom = Math.max(question.lookUntil ?? since, question.confirmFrom);
  const refusedPairs = new Set<string>();
  for (const { cell, observations } of observed) {
    if (troubleAt(cell) !== undefined) continue;
    if (cell.expected !== 'allowed') refusals.add(cell.from, cell.denials, observations);
    else if (isRefusedSince(settledFrom, cell.denials, observations)) refusedPairs.add(podsOf(cell));
  }
  const cells = observed.map(({ cell, observations }): JudgedCell => {
    const last = observations.slice(-2);
    const span = { start: last[0]?.start ?? since, end: last.at(-1)?.end ?? now };
    const server =
      cell.servedAs === undefined ? outsideTrouble(controls.nobodyReaches(cell, span)) : troubleAt(cell);
    const wasOpen = (end: 'client' | 'server') => talks.last(endsOf(ledger, cell)[end]) !== undefined;
    const isOpen = cell.expected === 'allowed';
    const signals = isOpen
      ? signalsAgainst(cell.denials, refusedPairs.has(podsOf(cell)))
      : refusals.signalsOf(cell.from, cell.denials);
    const bothLive = () => (controls.bothLive(cell, span) ? 'talked' : 'failed');
    const verdict = judgeCell({
      expected: cell.expected,
      last,
      signals,
      client: clients.get(cell.from),
      server,
      control: isOpen ? bothLive() : controls.of(cell, span, wasOpen),
    });
    const judged = { ...cell, ...verdict, signals, observations };
    // That everybody is seen to refuse the one control peer of a node would take a second for each, and prove nothing more.
    return cell.isEvidence && cell.expected === 'denied' && lacksRefusal(judged)
      ? { ...judged, verdict: 'not-judged' }
      : judged;
  });
  const confirmed = ({ verdict, observations }: JudgedCell) =>
    verdict === 'not-judged' ||
    (verdict === 'pass' &&
      (observations.at(-2)?.start ?? since) >= question.confirmFrom &&
      (observations.at(-1)?.start ?? since) >= (question.lookUntil ?? question.confirmFrom));
  const red = cells.filter(({ verdict }) => verdict === 'fail' || verdict === 'error');
  const lacksOnlyRefusals = red.length > 0 && red.every(lacksRefusal);
  return { cells, settled: cells.every(confirmed), lacksOnlyRefusals };
}

/** A refusal would tell what its timeouts mean: a deny that passes, or a talk that the engine blocks. */
function lacksRefusal({ problem, observations, signals }: JudgedCell): boolean {
  return (
    problem === 'wrong-signal' && observations.at(-1)?.outcome === 'timeout' && !signals.includes('timeout')
  );
}

const podsOf = ({ from, to }: StepCell): string => `${from} -> ${to}`;

function outsideTrouble(nobodyReachesIt: boolean): 'dead-peer' | undefined {
  return nobodyReachesIt ? 'dead-peer' : undefined;
}

/** The two ends of a cell, of the processes that run now. */
export function endsOf(
  ledger: Ledger,
  { from, to, protocol, ...cell }: Pick<StepCell, 'from' | 'to' | 'port' | 'protocol'>,
): { readonly client: string; readonly server: string } {
  const boot = (id: PodId) => ledger.voice(id)?.boot ?? 'unknown';
  return {
    client: clientEnd(from, boot(from), protocol),
    server: serverEnd(to, boot(to), portText({ port: cell.port, protocol })),
  };
}

function noteTalk(ledger: Ledger, talks: Talks, cell: StepCell, observations: readonly Observation[]): void {
  const talk = observations.findLast((one) => isTalk(one));
  if (talk === undefined || cell.from === cell.to) return;
  const { client, server } = endsOf(ledger, cell);
  talks.note(client, server, talk.end);
}
