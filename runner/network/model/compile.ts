// Policies, Pods and namespaces made ready for many questions: selectors become functions, and what a peer says of a Pod is asked once.

import { CharterError } from '../../errors/index.ts';
import { canonicalAddress, ipBlockMatcher } from './address.ts';
import { namespaceMatcher, selectorMatcher } from './selector.ts';
import type {
  Direction,
  DoubtfulRef,
  Labels,
  NamespaceInfo,
  NetworkPolicy,
  PodInfo,
  PolicyPeer,
  PolicyPort,
} from './types.ts';
import { policyProblems } from './validate.ts';

/** One end of a connection as a policy sees it. Without `pod` it is just an address. */
export interface Subject {
  readonly pod?: PodInfo;
  /** Undefined: not known. Null: this Pod has no address of the family in question. */
  readonly address: string | undefined | null;
}

export type Match = 'yes' | 'no' | DoubtfulRef['lacks'];

export interface CompiledRule {
  /** Empty: every peer. */
  readonly peers: readonly ((subject: Subject) => Match)[];
  /** Empty: every port. */
  readonly ports: readonly PolicyPort[];
}

export interface CompiledPolicy {
  readonly name: string;
  readonly selects: (pod: PodInfo) => boolean;
  readonly rules: readonly CompiledRule[];
}

/** The policies that select a Pod in one direction, with their names ready for every decision about it. */
export interface Isolation {
  readonly policies: readonly CompiledPolicy[];
  readonly names: readonly string[];
}

export interface Compiled {
  readonly isolating: (pod: PodInfo, direction: Direction) => Isolation;
  readonly podAt: (ip: string) => PodInfo | undefined;
}

export function compile(
  policies: readonly NetworkPolicy[],
  namespaces: readonly NamespaceInfo[],
  pods: readonly PodInfo[],
): Compiled {
  refuseInvalid(policies);
  const labels = new Map(namespaces.map((one) => [one.name, one.labels]));
  const namespaceLabels = (name: string) => labels.get(name);
  const byNamespace = Map.groupBy(policies, ({ metadata }) => metadata.namespace);
  const compiledFor = (direction: Direction) =>
    new Map(
      [...byNamespace].map(([namespace, own]) => [
        namespace,
        own.flatMap((policy) => compilePolicy(policy, direction, namespaceLabels)),
      ]),
    );
  const byDirection = { ingress: compiledFor('ingress'), egress: compiledFor('egress') };
  const known = { ingress: new Map<PodInfo, Isolation>(), egress: new Map<PodInfo, Isolation>() };
  return {
    isolating: (pod, direction) =>
      remembered(known[direction], pod, () => {
        const own = (byDirection[direction].get(pod.namespace) ?? []).filter(({ selects }) => selects(pod));
        return { policies: own, names: own.map(({ name }) => name) };
      }),
    podAt: addressBook(pods),
  };
}

/** Whose an address is. A Pod in the host's network has its node's address: that address is the node's, not the Pod's. */
export function addressBook(pods: readonly PodInfo[]): (ip: string) => PodInfo | undefined {
  const own = pods.filter(({ hostNetwork }) => hostNetwork !== true);
  const book = new Map(own.flatMap((pod) => pod.ips.map((ip) => [canonicalAddress(ip), pod] as const)));
  return (ip) => book.get(canonicalAddress(ip));
}

function refuseInvalid(policies: readonly NetworkPolicy[]): void {
  for (const policy of policies) {
    const [first, ...more] = policyProblems(policy);
    if (first === undefined) continue;
    const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
    throw new CharterError(
      'CHR_POLICY_INVALID',
      `NetworkPolicy ${policyName(policy)}: ${first.path} ${first.message}${others}`,
    );
  }
}

export function policyName({ metadata }: NetworkPolicy): string {
  return `${metadata.namespace}/${metadata.name}`;
}

/** The directions a policy isolates in, with the API server's defaults. */
export function directionsOf({ spec }: NetworkPolicy): readonly Direction[] {
  if (spec.policyTypes !== undefined && spec.policyTypes.length > 0)
    return [...new Set(spec.policyTypes.map((type) => (type === 'Ingress' ? 'ingress' : 'egress')))];
  return (spec.egress ?? []).length > 0 ? ['ingress', 'egress'] : ['ingress'];
}

function compilePolicy(
  policy: NetworkPolicy,
  direction: Direction,
  namespaceLabels: (name: string) => Labels | undefined,
): CompiledPolicy[] {
  if (!directionsOf(policy).includes(direction)) return [];
  const { namespace } = policy.metadata;
  const rules = rulesOf(policy, direction).map(({ peers, ports }) => ({
    ports,
    peers: peers.map((peer) => compilePeer(peer, namespace, namespaceLabels)),
  }));
  const matches = selectorMatcher(policy.spec.podSelector ?? {});
  return [{ name: policyName(policy), rules, selects: ({ labels }) => matches(labels) }];
}

/** Both directions in one shape. */
export function rulesOf(
  { spec }: NetworkPolicy,
  direction: Direction,
): readonly { readonly peers: readonly PolicyPeer[]; readonly ports: readonly PolicyPort[] }[] {
  return direction === 'ingress'
    ? (spec.ingress ?? []).map(({ from = [], ports = [] }) => ({ peers: from, ports }))
    : (spec.egress ?? []).map(({ to = [], ports = [] }) => ({ peers: to, ports }));
}

function compilePeer(
  { podSelector, namespaceSelector, ipBlock }: PolicyPeer,
  policyNamespace: string,
  namespaceLabels: (name: string) => Labels | undefined,
): (subject: Subject) => Match {
  const known = new Map<Subject, Match>();
  if (ipBlock !== undefined) {
    const inBlock = ipBlockMatcher(ipBlock);
    const match = ({ address }: Subject): Match =>
      address === undefined ? 'address-unknown' : address !== null && inBlock(address) ? 'yes' : 'no';
    return (subject) => remembered(known, subject, () => match(subject));
  }
  const inNamespace =
    namespaceSelector === undefined
      ? (name: string) => (name === policyNamespace ? 'yes' : 'no')
      : namespaceMatcher(namespaceSelector);
  const isSelected = selectorMatcher(podSelector ?? {});
  const match = ({ pod }: Subject): Match => {
    if (pod === undefined || !isSelected(pod.labels)) return 'no';
    const there = inNamespace(pod.namespace, namespaceLabels(pod.namespace));
    return there === 'unknown' ? 'namespace-unknown' : there;
  };
  return (subject) => remembered(known, subject, () => match(subject));
}

function remembered<K, V>(known: Map<K, V>, key: K, find: () => V): V {
  const before = known.get(key);
  if (before !== undefined) return before;
  const found = find();
  known.set(key, found);
  return found;
}
