// What would have to change for the other verdict, as YAML that can be pasted: a rule to add, rules to remove, a policy to create.
import { familyOf } from '../model/address.ts';
import { directionsOf, policyName } from '../model/compile.ts';
import { isExternal, peerName } from '../model/peer.ts';
import { isEmptySelector, selectorMatcher } from '../model/selector.ts';
import type {
  Cell,
  Decision,
  Direction,
  EgressRule,
  IngressRule,
  NetworkPolicy,
  Peer,
  PodInfo,
  PolicyPeer,
} from '../model/types.ts';
import type { NetworkState } from '../state/types.ts';
import { stableLabels } from '../state/workload.ts';

export type Change =
  /** Add this rule to the list `spec.<direction>` of the policy. */
  | {
      readonly kind: 'add-rule';
      readonly policy: string;
      readonly direction: Direction;
      readonly rule: IngressRule | EgressRule;
    }
  /** Create this policy. To allow: it adds to the others. To deny: it ends all other traffic of this direction too. */
  | { readonly kind: 'create-policy'; readonly direction: Direction; readonly policy: NetworkPolicy }
  /** Remove all these rules (`namespace/name spec.ingress[0]`). `writeOut`: types that only the rules said, and that have to stay. */
  | {
      readonly kind: 'remove-rules';
      readonly direction: Direction;
      readonly rules: readonly string[];
      readonly writeOut: readonly { readonly policy: string; readonly policyTypes: PolicyTypes }[];
    }
  /** This Pod (`namespace/name`) has no label by which a policy could name it and its like alone. */
  | { readonly kind: 'label-first'; readonly pod: string };

type PolicyTypes = readonly ('Ingress' | 'Egress')[];

/**
 * Of a denied connection: all of these are needed. Of an allowed one: each of these is enough, but `label-first`. Empty where no policy can change the
 * verdict (a Pod to itself, a Pod and its node) or where it is not known.
 */
export function changesFor(
  cell: Cell,
  from: Peer,
  to: Peer,
  state: Pick<NetworkState, 'policies' | 'pods'>,
): readonly Change[] {
  if (cell.portNumber === undefined) return [];
  if (cell.verdict === 'denied') {
    const ways = [wayToAllow(cell, 'egress', from, to, state), wayToAllow(cell, 'ingress', to, from, state)];
    const labels = ways.flat().filter(({ kind }) => kind === 'label-first');
    // Before that there is nothing to write; one Pod may lack labels for both sides.
    return labels.length === 0 ? ways.flat() : labels.slice(0, 1);
  }
  if (cell.verdict !== 'allowed') return [];
  return [
    ...waysToDeny(cell.ingress, 'ingress', to, state.policies),
    ...waysToDeny(cell.egress, 'egress', from, state.policies),
  ];
}

/** A rule for a policy that selects nothing but this Pod and its like; otherwise a policy that does, so that no other Pod is opened. */
function wayToAllow(
  cell: Cell,
  direction: Direction,
  own: Peer,
  partner: Peer,
  { policies, pods }: Pick<NetworkState, 'policies' | 'pods'>,
): Change[] {
  const decision = cell[direction];
  if (decision.kind !== 'isolated' || isExternal(own)) return [];
  const nameless = [...(isNode(partner) ? [] : [partner]), own].find(isNameless);
  if (nameless !== undefined) return [{ kind: 'label-first', pod: peerName(nameless) }];
  const peers = peersFor(partner, own.namespace);
  const ports = [{ protocol: cell.protocol, port: cell.portNumber }];
  const rule = direction === 'ingress' ? { from: peers, ports } : { to: peers, ports };
  const fitting = policies
    .filter((policy) => decision.selectedBy.includes(policyName(policy)))
    .find((policy) => selectsOnlyLike(policy, own, pods));
  if (fitting !== undefined) return [{ kind: 'add-rule', policy: policyName(fitting), direction, rule }];
  return [{ kind: 'create-policy', direction, policy: ownPolicy(own, 'allow', direction, [rule]) }];
}

function selectsOnlyLike({ metadata, spec }: NetworkPolicy, own: PodInfo, pods: readonly PodInfo[]): boolean {
  if (isEmptySelector(spec.podSelector ?? {})) return false;
  const matches = selectorMatcher(spec.podSelector ?? {});
  const wanted = Object.entries(stableLabels(own.labels));
  return pods
    .filter(({ namespace, labels }) => namespace === metadata.namespace && matches(labels))
    .every(({ labels }) => wanted.every(([key, value]) => labels[key] === value));
}

function ownPolicy(
  own: PodInfo,
  verb: 'allow' | 'deny',
  direction: Direction,
  rules: readonly (IngressRule | EgressRule)[],
): NetworkPolicy {
  const name = `${own.workload?.split('/')[1] ?? own.name}-${verb}-${direction}`;
  const policyTypes = [direction === 'ingress' ? ('Ingress' as const) : ('Egress' as const)];
  const spec = { podSelector: selectorOf(own), policyTypes };
  return {
    metadata: { name, namespace: own.namespace },
    spec: rules.length === 0 ? spec : { ...spec, [direction]: rules },
  };
}

function peersFor(partner: Peer, policyNamespace: string): readonly PolicyPeer[] {
  if (isExternal(partner)) return [hostBlock(partner.ip)];
  if (isNode(partner)) return partner.ips.map(hostBlock);
  const podSelector = selectorOf(partner);
  if (partner.namespace === policyNamespace) return [{ podSelector }];
  return [
    { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': partner.namespace } }, podSelector },
  ];
}

/** Most engines see a Pod in the host's network as its node, which only an ipBlock can name. */
function isNode(peer: Peer): boolean {
  return !isExternal(peer) && peer.hostNetwork === true && peer.ips.length > 0;
}

/** Nothing but the whole namespace could be named. */
function isNameless(peer: Peer): boolean {
  return !isExternal(peer) && Object.keys(stableLabels(peer.labels)).length === 0;
}

function hostBlock(ip: string): PolicyPeer {
  return { ipBlock: { cidr: `${ip}/${familyOf(ip) === 'IPv6' ? 128 : 32}` } };
}

function selectorOf({ labels }: PodInfo): NonNullable<PolicyPeer['podSelector']> {
  return { matchLabels: stableLabels(labels) };
}

function waysToDeny(
  decision: Decision,
  direction: Direction,
  own: Peer,
  policies: readonly NetworkPolicy[],
): Change[] {
  if (decision.kind === 'allowed-by-rule') {
    const rules = decision.rules.map(({ policy, rule }) => `${policy} spec.${direction}[${rule}]`);
    const losing = policies.filter((policy) =>
      decision.rules.some((rule) => rule.policy === policyName(policy)),
    );
    const writeOut = losing.flatMap((policy) =>
      direction === 'egress' && !hasTypes(policy)
        ? [{ policy: policyName(policy), policyTypes: typesOf(policy) }]
        : [],
    );
    return [{ kind: 'remove-rules', direction, rules, writeOut }];
  }
  if (decision.kind !== 'not-isolated' || isExternal(own)) return [];
  if (isNameless(own)) return [{ kind: 'label-first', pod: peerName(own) }];
  return [{ kind: 'create-policy', direction, policy: ownPolicy(own, 'deny', direction, []) }];
}

/** The policies with the change made: how it is proven that it changes the verdict. */
export function withChange(policies: readonly NetworkPolicy[], change: Change): readonly NetworkPolicy[] {
  switch (change.kind) {
    case 'create-policy':
      return [...policies, change.policy];
    case 'add-rule':
      return policies.map((policy) =>
        policyName(policy) === change.policy ? withRule(policy, change) : policy,
      );
    case 'remove-rules':
      return policies.map((policy) => withoutRules(policy, change));
    case 'label-first':
      return policies;
  }
}

function withRule(
  policy: NetworkPolicy,
  { direction, rule }: Extract<Change, { kind: 'add-rule' }>,
): NetworkPolicy {
  const rules = [...(policy.spec[direction] ?? []), rule];
  return { ...policy, spec: { ...policy.spec, [direction]: rules } };
}

/** The types are written out where that is told, so that a policy without its last egress rule goes on isolating. */
function withoutRules(
  policy: NetworkPolicy,
  { direction, rules: gone, writeOut }: Extract<Change, { kind: 'remove-rules' }>,
): NetworkPolicy {
  const name = policyName(policy);
  const isGone = (index: number) => gone.includes(`${name} spec.${direction}[${index}]`);
  const rules = policy.spec[direction] ?? [];
  if (!rules.some((_, index) => isGone(index))) return policy;
  const written = writeOut.find((one) => one.policy === name);
  const policyTypes = written?.policyTypes ?? policy.spec.policyTypes;
  return {
    ...policy,
    spec: { ...policy.spec, policyTypes, [direction]: rules.filter((_, index) => !isGone(index)) },
  };
}

function hasTypes({ spec }: NetworkPolicy): boolean {
  return (spec.policyTypes ?? []).length > 0;
}

function typesOf(policy: NetworkPolicy): PolicyTypes {
  return directionsOf(policy).map((direction) => (direction === 'ingress' ? 'Ingress' : 'Egress'));
}
