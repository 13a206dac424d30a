// Rules that almost allow a connection: the peer fits and the port does not, or the other way round.
import { rulesOf } from '../model/compile.ts';
import { isPod } from '../model/peer.ts';
import { judge } from '../model/reachability.ts';
import type { Direction, NamespaceInfo, NetworkPolicy, Peer, PortQuery } from '../model/types.ts';

export interface NearMiss {
  /** `namespace/name spec.ingress[0]`. */
  readonly rule: string;
  readonly misses: 'peer' | 'port';
}

export interface Question {
  readonly from: Peer;
  readonly to: Peer;
  readonly query: PortQuery;
}

/** Asks each rule alone, once without its ports and once without its peers. */
export function nearMisses(
  policies: readonly NetworkPolicy[],
  namespaces: readonly NamespaceInfo[],
  direction: Direction,
  { from, to, query }: Question,
): readonly NearMiss[] {
  const pods = [from, to].filter(isPod);
  return policies.flatMap((policy) =>
    rulesOf(policy, direction).flatMap(({ peers, ports }, index): NearMiss[] => {
      const allows = (rule: object) =>
        judge([alone(policy, direction, rule)], namespaces, pods)(from, to, query).verdict === 'allowed';
      const peersKey = direction === 'ingress' ? 'from' : 'to';
      const rule = `${policy.metadata.namespace}/${policy.metadata.name} spec.${direction}[${index}]`;
      if (allows({ [peersKey]: peers })) return [{ rule, misses: 'port' }];
      return allows({ ports }) ? [{ rule, misses: 'peer' }] : [];
    }),
  );
}

function alone({ metadata, spec }: NetworkPolicy, direction: Direction, rule: object): NetworkPolicy {
  const policyTypes = [direction === 'ingress' ? ('Ingress' as const) : ('Egress' as const)];
  return { metadata, spec: { podSelector: spec.podSelector, policyTypes, [direction]: [rule] } };
}
