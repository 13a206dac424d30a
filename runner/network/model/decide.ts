// One side of a connection: the policies that select the Pod, and the rules among them that allow its partner.
import type { Compiled, CompiledPolicy, CompiledRule, Subject } from './compile.ts';
import type { ContainerPort, Decision, Direction, PolicyPort, Protocol, RuleRef } from './types.ts';

/** The port that is reached, with the container ports of the destination, where names are looked up in both directions. */
export interface Target {
  readonly number: number;
  readonly protocol: Protocol;
  readonly ports: readonly ContainerPort[];
}

export function decide(
  compiled: Compiled,
  direction: Direction,
  own: Subject,
  partner: Subject,
  target: Target,
): Decision {
  if (own.pod === undefined) return { kind: 'outside' };
  const policies = compiled.policiesOf(own.pod, direction);
  if (policies.length === 0) return { kind: 'not-isolated' };
  const selectedBy = policies.map(({ name }) => name);
  const found = policies.flatMap((policy) => matchingRules(policy, direction, partner, target));
  const rules = found.filter(({ match }) => match === 'yes').map(({ ref }) => ref);
  if (rules.length > 0) return { kind: 'allowed-by-rule', selectedBy, rules };
  return { kind: 'isolated', selectedBy, perhaps: found.map(({ ref }) => ref) };
}

interface Found {
  readonly match: 'yes' | 'unknown';
  readonly ref: RuleRef;
}

function matchingRules(
  { name, rules }: CompiledPolicy,
  direction: Direction,
  partner: Subject,
  target: Target,
): Found[] {
  return rules.flatMap((rule, index) => {
    const port = portIndex(rule.ports, target);
    const peer = port === undefined ? undefined : peerIndex(rule, partner);
    if (peer === undefined) return [];
    const ref: RuleRef = {
      policy: name,
      direction,
      rule: index,
      ...(peer.index < 0 ? {} : { peer: peer.index }),
      ...(port === undefined || port < 0 ? {} : { port }),
    };
    return [{ match: peer.match, ref }];
  });
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

function peerIndex(
  { peers }: CompiledRule,
  partner: Subject,
): { readonly index: number; readonly match: 'yes' | 'unknown' } | undefined {
  if (peers.length === 0) return { index: -1, match: 'yes' };
  let unknown: number | undefined;
  for (const [index, peer] of peers.entries()) {
    const match = peer(partner);
    if (match === 'yes') return { index, match };
    if (match === 'unknown') unknown ??= index;
  }
  return unknown === undefined ? undefined : { index: unknown, match: 'unknown' };
}
