// Why one connection is allowed or denied, and what would have to change: the answer as data, for text.ts and for JSON.
import { canonicalAddress } from '../model/address.ts';
import { addressBook, policyName } from '../model/compile.ts';
import { isExternal, peerName } from '../model/peer.ts';
import { judge } from '../model/reachability.ts';
import type { Cell, CellNote, CellVerdict, Decision, Direction, Peer, PortQuery } from '../model/types.ts';
import type { NetworkState } from '../state/types.ts';
import { type Change, changesFor } from './change.ts';
import { type NearMiss, nearMisses, type Question } from './near-misses.ts';

export interface Explanation {
  readonly from: string;
  readonly to: string;
  readonly port: number | string;
  /** What a port name means at the destination. */
  readonly portNumber?: number;
  readonly protocol: string;
  readonly verdict: CellVerdict;
  readonly notes: readonly CellNote[];
  readonly egress: Side;
  readonly ingress: Side;
  readonly changes: readonly Change[];
  /** Pods of the same workloads for which the verdict is another, e.g. `x/a-1 -> y/b-0: denied`. */
  readonly differing: readonly string[];
  readonly source: string;
  readonly notJudged: readonly string[];
}

export interface Side {
  readonly decision: Decision;
  /** Only where the side is isolated. */
  readonly nearMisses: readonly NearMiss[];
}

/**
 * `from` and `to` hold one peer each, or the Pods of a workload, whose first is explained. Neither may be empty. An address that is a
 * running Pod's is that Pod in all that is said; to the address of a Service there is no verdict.
 */
export function explain(
  state: NetworkState,
  from: readonly Peer[],
  to: readonly Peer[],
  query: PortQuery,
): Explanation {
  const judged = judging(state);
  const podAt = addressBook(state.pods);
  const meant = (peer: Peer) => (isExternal(peer) ? (podAt(peer.ip) ?? peer) : peer);
  const destinations = to.map(meant);
  const pairs = from
    .map(meant)
    .flatMap((source) => destinations.map((destination) => [source, destination] as const));
  // A workload that talks to itself is asked about two of its Pods, where it has two.
  const [chosen] = [...pairs.filter(([source, destination]) => source !== destination), ...pairs];
  if (chosen === undefined) throw new TypeError('explain needs a source and a destination');
  const [source, destination] = chosen;
  const cell = judged(source, destination, query);
  const others = pairs
    .filter(([a, b]) => a !== b)
    .map(([a, b]) => judged(a, b, query))
    .filter(({ verdict }) => verdict !== cell.verdict);
  const question = { from: source, to: destination, query };
  const side = (direction: Direction): Side => ({
    decision: cell[direction],
    nearMisses: missesOf(state, cell[direction], direction, question),
  });
  return {
    from: peerName(source),
    to: peerName(destination),
    port: query.port,
    ...(cell.portNumber === undefined ? {} : { portNumber: cell.portNumber }),
    protocol: query.protocol,
    verdict: cell.verdict,
    notes: cell.notes,
    egress: side('egress'),
    ingress: side('ingress'),
    changes: changesFor(cell, source, destination, state),
    differing: others.map((other) => `${peerName(other.from)} -> ${peerName(other.to)}: ${other.verdict}`),
    source: state.source,
    notJudged: state.notJudged,
  };
}

function judging({ policies, namespaces, pods, services }: NetworkState): ReturnType<typeof judge> {
  const judged = judge(policies, namespaces, pods);
  const rewritten = new Set(services.flatMap(({ clusterIps }) => clusterIps.map(canonicalAddress)));
  return (from, to, query): Cell => {
    const cell = judged(from, to, query);
    return isExternal(to) && rewritten.has(canonicalAddress(to.ip))
      ? { ...cell, verdict: 'implementation-defined', notes: [...cell.notes, 'service-address'] }
      : cell;
  };
}

function missesOf(
  { policies, namespaces }: NetworkState,
  decision: Decision,
  direction: Direction,
  question: Question,
): readonly NearMiss[] {
  if (decision.kind !== 'isolated') return [];
  const selecting = policies.filter((policy) => decision.selectedBy.includes(policyName(policy)));
  return nearMisses(selecting, namespaces, direction, question);
}
