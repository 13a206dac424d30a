// One side of a connection: the policies that select the Pod, and the rules among them that allow its partner.
import type { Compiled, CompiledRule, Subject } from './compile.ts';
import type {
  ContainerPort,
  Decision,
  Direction,
  DoubtfulRef,
  PolicyPort,
  Protocol,
  RuleRef,
} from './types.ts';

/** The port that is reached, with the container ports of the destination, where names are looked up in both directions. */
export interface Target {
  readonly number: number;
  readonly protocol: Protocol;
  readonly ports: readonly ContainerPort[];
}

const outside: Decision = { kind: 'outside' };
const notIsolated: Decision = { kind: 'not-isolated' };
const none: readonly DoubtfulRef[] = [];

/** Asked once per cell and side of a matrix that may have a million cells: loops, and nothing is made that is not kept. */
export function decide(
  compiled: Compiled,
  direction: Direction,
  own: Subject,
  partner: Subject,
  target: Target,
): Decision {
  if (own.pod === undefined) return outside;
  const { policies, names: selectedBy } = compiled.isolating(own.pod, direction);
  if (policies.length === 0) return notIsolated;
  let rules: RuleRef[] | undefined;
  let perhaps: DoubtfulRef[] | undefined;
  for (const policy of policies)
    for (const [index, rule] of policy.rules.entries()) {
      const port = portIndex(rule.ports, target);
      if (port === undefined) continue;
      const peer = peerIndex(rule, partner);
      if (peer === undefined) continue;
      const ref = refOf(policy.name, direction, index, peer.index, port);
      if (peer.match === 'yes') {
        rules ??= [];
        rules.push(ref);
      } else {
        perhaps ??= [];
        perhaps.push({ ...ref, lacks: peer.match });
      }
    }
  if (rules !== undefined) return { kind: 'allowed-by-rule', selectedBy, rules };
  return { kind: 'isolated', selectedBy, perhaps: perhaps ?? none };
}

function refOf(policy: string, direction: Direction, rule: number, peer: number, port: number): RuleRef {
  const ref = { policy, direction, rule };
  if (peer < 0) return port < 0 ? ref : { ...ref, port };
  return port < 0 ? { ...ref, peer } : { ...ref, peer, port };
}

/** -1 where the rule lists none and so means all; undefined where none matches. */
function portIndex(ports: readonly PolicyPort[], target: Target): number | undefined {
  if (ports.length === 0) return -1;
  const index = ports.findIndex((port) => portMatches(port, target));
  return index < 0 ? undefined : index;
}

function portMatches({ port, endPort, protocol = 'TCP' }: PolicyPort, target: Target): boolean {
  if (protocol !== target.protocol) return false;
  if (port === undefined) return true;
  if (typeof port === 'number') return target.number >= port && target.number <= (endPort ?? port);
  return target.ports.some(
    (own) => own.name === port && own.protocol === protocol && own.port === target.number,
  );
}

interface PeerMatch {
  readonly index: number;
  readonly match: 'yes' | DoubtfulRef['lacks'];
}

const everyPeer: PeerMatch = { index: -1, match: 'yes' };

function peerIndex({ peers }: CompiledRule, partner: Subject): PeerMatch | undefined {
  if (peers.length === 0) return everyPeer;
  let doubtful: PeerMatch | undefined;
  for (const [index, peer] of peers.entries()) {
    const match = peer(partner);
    if (match === 'yes') return { index, match };
    if (match !== 'no') doubtful ??= { index, match };
  }
  return doubtful;
}
