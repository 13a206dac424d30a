// NetworkPolicy semantics as one pure function: who may reach whom on which port, and which rule decided it.
// A connection needs the source's egress and the destination's ingress; answers to an allowed connection are allowed with it.
import { type Compiled, compile, type Subject } from './compile.ts';
import { decide, type Target } from './decide.ts';
import { type Ends, endsOf, pairing } from './ends.ts';
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
 * Throws CHR_POLICY_INVALID for a policy that the API server would refuse.
 */
export function reachability(
  policies: readonly NetworkPolicy[],
  namespaces: readonly NamespaceInfo[],
  pods: readonly PodInfo[],
  ports: readonly PortQuery[],
  externals: readonly ExternalPeer[] = [],
): Matrix {
  const judged = judge(policies, namespaces, pods);
  const peers: readonly Peer[] = [...pods, ...externals];
  const cells = peers.flatMap((from) =>
    peers.flatMap((to) =>
      isExternal(from) && isExternal(to) ? [] : ports.map((port) => judged(from, to, port)),
    ),
  );
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
  const compiled = compile(policies, namespaces, pods);
  const ends = endsOf();
  const resolve = (peer: Peer): Peer => (isExternal(peer) ? (compiled.podAt(peer.ip) ?? peer) : peer);
  return (from, to, query) => judgeCell(compiled, ends, [from, resolve(from)], [to, resolve(to)], query);
}

type AskedAndMeant = readonly [asked: Peer, meant: Peer];

function judgeCell(
  compiled: Compiled,
  ends: Ends,
  [askedFrom, from]: AskedAndMeant,
  [askedTo, to]: AskedAndMeant,
  query: PortQuery,
): Cell {
  const { protocol } = query;
  const portNumber = numberAt(to, query);
  const base = {
    from: askedFrom,
    to: askedTo,
    port: query.port,
    protocol,
    ...(portNumber === undefined ? {} : { portNumber }),
  };
  const pair = pairing(from, to);
  if (pair === 'self') return { ...base, ...exempt('allowed', 'self') };
  if (pair === 'own-node') return { ...base, ...exempt('implementation-defined', 'own-node') };
  if (portNumber === undefined) return { ...base, ...exempt('unknown', 'no-such-port') };

  const target: Target = { number: portNumber, protocol, ports: isExternal(to) ? [] : to.ports };
  const readings = ends(from, to, query.family).map(([source, destination]) =>
    judgeReading(compiled, source, destination, target),
  );
  const [first, ...others] = readings;
  if (first === undefined) return { ...base, ...exempt('unknown', 'address-unknown') };
  const agree = others.every(({ verdict }) => verdict === first.verdict);
  const notes: CellNote[] = [
    ...(others.length > 0 ? (['host-network'] as const) : []),
    ...(readings.some(({ verdict }) => verdict === 'unknown') ? (['address-unknown'] as const) : []),
  ];
  return { ...base, ...first, verdict: agree ? first.verdict : 'implementation-defined', notes };
}

interface Reading {
  readonly verdict: CellVerdict;
  readonly ingress: Decision;
  readonly egress: Decision;
}

function judgeReading(compiled: Compiled, source: Subject, destination: Subject, target: Target): Reading {
  const egress = decide(compiled, 'egress', source, destination, target);
  const ingress = decide(compiled, 'ingress', destination, source, target);
  const sides = [egress, ingress].filter((side) => side.kind === 'isolated');
  const verdict =
    sides.length === 0 ? 'allowed' : sides.some(({ perhaps }) => perhaps.length === 0) ? 'denied' : 'unknown';
  return { verdict, ingress, egress };
}

function exempt(verdict: CellVerdict, note: CellNote): Reading & { readonly notes: readonly CellNote[] } {
  const side = { kind: 'exempt' } as const;
  return { verdict, ingress: side, egress: side, notes: [note] };
}

function numberAt(to: Peer, { port, protocol }: PortQuery): number | undefined {
  if (typeof port === 'number') return port;
  if (isExternal(to)) return undefined;
  return to.ports.find((own) => own.name === port && own.protocol === protocol)?.port;
}
