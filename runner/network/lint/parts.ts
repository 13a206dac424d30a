// Every peer and every port of a set of policies with its path, so that a rule is about its idea and not about walking.
import { directionsOf, rulesOf } from '../model/compile.ts';
import { namespaceMatcher, selectorMatcher } from '../model/selector.ts';
import type { Direction, NetworkPolicy, PodInfo, PolicyPeer, PolicyPort } from '../model/types.ts';
import type { NetworkState } from '../state/types.ts';

export interface RulePart {
  readonly policy: NetworkPolicy;
  readonly direction: Direction;
  /** `spec.ingress[0]`. */
  readonly path: string;
  readonly peers: readonly PolicyPeer[];
  readonly ports: readonly PolicyPort[];
}

/** Only rules of directions that the policy isolates in: others mean nothing, and another lint rule says so. */
export function ruleParts(policies: readonly NetworkPolicy[]): RulePart[] {
  return policies.flatMap((policy) =>
    directionsOf(policy).flatMap((direction) =>
      rulesOf(policy, direction).map((rule, index) => ({
        policy,
        direction,
        path: `spec.${direction}[${index}]`,
        ...rule,
      })),
    ),
  );
}

export function peerParts(
  policies: readonly NetworkPolicy[],
): (Omit<RulePart, 'peers'> & { readonly peer: PolicyPeer })[] {
  return ruleParts(policies).flatMap(({ peers, ...part }) =>
    peers.map((peer, index) => ({
      ...part,
      peer,
      path: `${part.path}.${part.direction === 'ingress' ? 'from' : 'to'}[${index}]`,
    })),
  );
}

export function selectedPods({ metadata, spec }: NetworkPolicy, pods: readonly PodInfo[]): PodInfo[] {
  const matches = selectorMatcher(spec.podSelector ?? {});
  return pods.filter(({ namespace, labels }) => namespace === metadata.namespace && matches(labels));
}

/** By an object, or by a Pod or a policy in them. */
function namesOf({ namespaces, pods, policies }: NetworkState): ReadonlySet<string> {
  return new Set([
    ...namespaces.map(({ name }) => name),
    ...pods.map(({ namespace }) => namespace),
    ...policies.map(({ metadata }) => metadata.namespace),
  ]);
}

/** The Pods that selectors of a peer mean; undefined for an ipBlock. */
export function podsOf(
  { podSelector, namespaceSelector }: PolicyPeer,
  policyNamespace: string,
  state: NetworkState,
): PodInfo[] | undefined {
  if (podSelector === undefined && namespaceSelector === undefined) return undefined;
  const names = namespacesOf(namespaceSelector, policyNamespace, state);
  const matches = selectorMatcher(podSelector ?? {});
  return state.pods.filter(({ namespace, labels }) => names.has(namespace) && matches(labels));
}

/** Also those that perhaps are selected, because their labels were not read. */
export function namespacesOf(
  selector: PolicyPeer['namespaceSelector'],
  policyNamespace: string,
  state: NetworkState,
): ReadonlySet<string> {
  if (selector === undefined) return new Set([policyNamespace]);
  const matches = namespaceMatcher(selector);
  const labels = new Map(state.namespaces.map((one) => [one.name, one.labels]));
  return new Set([...namesOf(state)].filter((name) => matches(name, labels.get(name)) !== 'no'));
}

/** `app=web, tier in (a,b)`, as kubectl writes selectors. */
export function selectorText({
  matchLabels = {},
  matchExpressions = [],
}: NonNullable<PolicyPeer['podSelector']>): string {
  const parts = [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(({ key, operator, values = [] }) => {
      if (operator === 'Exists') return key;
      if (operator === 'DoesNotExist') return `!${key}`;
      return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`;
    }),
  ];
  return parts.length === 0 ? 'everything' : parts.join(', ');
}
