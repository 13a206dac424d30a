// NetworkPolicy semantics as one pure function: who may reach whom on which port, and which rule decided it.
// A connection needs the source's egress and the destination's ingress; answers to an allowed connection are allowed with it.
import { type Compiled, compile, type Subject } from './compile.ts';
import { decide, type Target } from './decide.ts';
import { endsOf, pairing, type Readings } from './ends.ts';
import { isExternal } from './peer.ts';
import type {
  Cell,
  CellNote,
  CellVerdict,
  Decision,
  ExternalPeer,
  Matrix,
  NamespaceInfo,
  NetworkPolicy,
  Peer,
  PodInfo,
  PortQuery,
} from './types.ts';

/**
 * The whole matrix: every Pod and external address to every other (and itself), on every port.
 * Throws CHR_POLICY_INVALID for a policy that the API server would refuse. `everyPod`: where `pods` are a part of the cluster's, all of
 * them, because an external address that is a Pod's is judged as that Pod.
 */
export function reachability(
  policies: readonly NetworkPolicy[],
  namespaces: readonly NamespaceInfo[],
  pods: readonly PodInfo[],
  ports: readonly PortQuery[],
  externals: readonly ExternalPeer[] = [],
  everyPod: readonly PodInfo[] = pods,
): Matrix {
  const pairOf = pairs(policies, namespaces, everyPod);
  const peers: readonly Peer[] = [...pods, ...externals];
  const cells: Cell[] = [];
  for (const from of peers)
    for (const to of peers) {
      if (isExternal(from) && isExternal(to)) continue;
      const judged = pairOf(from, to);
      for (const port of ports) cells.push(judged(port));
    }
  return { peers, ports, cells };
}

/**
 * Single questions about one state: compiled once, each answer then costs microseconds.
 * An external address that is a Pod's is judged as that Pod. Throws CHR_POLICY_INVALID as `reachability` does.
 */
export function judge(
  policies: readonly NetworkPolicy[],
  namespaces: readonly NamespaceInfo[],
  pods: readonly PodInfo[],
): (from: Peer, to: Peer, port: PortQuery) => Cell {
  const pairOf = pairs(policies, namespaces, pods);
  return (from, to, port) => pairOf(from, to)(port);
}

/** What does not depend on the port is found once per pair. */
function pairs(
  policies: readonly NetworkPolicy[],
  namespaces: readonly NamespaceInfo[],
  pods: readonly PodInfo[],
): (from: Peer, to: Peer) => (port: PortQuery) => Cell {
  const compiled = compile(policies, namespaces, pods);
  const ends = endsOf();
  const meant = (peer: Peer): Peer => (isExternal(peer) ? (compiled.podAt(peer.ip) ?? peer) : peer);
  return (from, to) => {
    const source = meant(from);
    const destination = meant(to);
    const pair = pairing(source, destination);
    const usual = ends(source, destination, undefined);
    return (query) => {
      const number = numberAt(destination, query);
      const { port, protocol, family } = query;
      const verdictOf = (): Judged => {
        if (pair === 'self') return exempt('allowed', 'self');
        if (pair === 'own-node') return exempt('implementation-defined', 'own-node');
        if (number === undefined) return exempt('unknown', 'no-such-port');
        const target = { number, protocol, ports: isExternal(destination) ? [] : destination.ports };
        const readings = family === undefined ? usual : ends(source, destination, family);
        return judgeReadings(compiled, readings, target);
      };
      const asked = { from, to, port, protocol };
      return number === undefined
        ? { ...asked, ...verdictOf() }
        : { ...asked, portNumber: number, ...verdictOf() };
    };
  };
}

type Judged = Pick<Cell, 'verdict' | 'ingress' | 'egress' | 'notes'>;

const noNotes: readonly CellNote[] = [];

/** Where engines may see the ends in several ways, only what all of them would say is a verdict. */
function judgeReadings(compiled: Compiled, readings: Readings, target: Target): Judged {
  const all = readings.map(([source, destination]) => judgeReading(compiled, source, destination, target));
  const [first = exempt('unknown', 'address-unknown'), ...others] = all;
  const unknown = all.flatMap(({ verdict, ingress, egress }) =>
    verdict === 'unknown' ? [...lackedBy(egress), ...lackedBy(ingress)] : noNotes,
  );
  if (others.length === 0)
    return unknown.length === 0 ? { ...first, notes: noNotes } : { ...first, notes: [...new Set(unknown)] };
  const agree = others.every(({ verdict }) => verdict === first.verdict);
  return {
    ...first,
    verdict: agree ? first.verdict : 'implementation-defined',
    notes: ['host-network', ...new Set(unknown)],
  };
}

function judgeReading(
  compiled: Compiled,
  source: Subject,
  destination: Subject,
  target: Target,
): Omit<Judged, 'notes'> {
  const egress = decide(compiled, 'egress', source, destination, target);
  const ingress = decide(compiled, 'ingress', destination, source, target);
  return { verdict: worse(sideVerdict(egress), sideVerdict(ingress)), ingress, egress };
}

function lackedBy(side: Decision): readonly CellNote[] {
  return side.kind === 'isolated' ? side.perhaps.map(({ lacks }) => lacks) : noNotes;
}

function sideVerdict(side: Decision): 'allowed' | 'denied' | 'unknown' {
  if (side.kind !== 'isolated') return 'allowed';
  return side.perhaps.length > 0 ? 'unknown' : 'denied';
}

function worse<V extends CellVerdict>(a: V, b: V): V {
  return a === 'denied' || b === 'allowed' ? a : b;
}

const exemptSide: Decision = { kind: 'exempt' };

function exempt(verdict: CellVerdict, note: CellNote): Judged {
  return { verdict, ingress: exemptSide, egress: exemptSide, notes: [note] };
}

function numberAt(to: Peer, { port, protocol }: PortQuery): number | undefined {
  if (typeof port === 'number') return port;
  if (isExternal(to)) return undefined;
  return to.ports.find((own) => own.name === port && own.protocol === protocol)?.port;
}
