// What would have to change for the other verdict, as YAML that can be pasted: a rule to add, rules to remove, a policy to create.
import { familyOf } from '../model/address.ts';
import { policyName } from '../model/compile.ts';
import { isExternal } from '../model/peer.ts';
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
  /** Remove all these rules (`namespace/name spec.ingress[0]`). */
  | { readonly kind: 'remove-rules'; readonly direction: Direction; readonly rules: readonly string[] };

/**
 * Of a denied connection: all of these are needed. Of an allowed one: each of these is enough. Empty where no policy can change the
 * verdict (a Pod to itself, a Pod and its node) or where it is not known.
 */
export function changesFor(
  cell: Cell,
  from: Peer,
  to: Peer,
  state: Pick<NetworkState, 'policies' | 'pods'>,
): readonly Change[] {
  if (cell.portNumber === undefined) return [];
  if (cell.verdict === 'denied')
    return [...wayToAllow(cell, 'egress', from, to, state), ...wayToAllow(cell, 'ingress', to, from, state)];
  if (cell.verdict !== 'allowed') return [];
  return [...waysToDeny(cell.ingress, 'ingress', to), ...waysToDeny(cell.egress, 'egress', from)];
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
  // Most engines see a Pod in the host's network as its node, which only an ipBlock can name.
  if (partner.hostNetwork === true && partner.ips.length > 0) return partner.ips.map(hostBlock);
  const podSelector = selectorOf(partner);
  if (partner.namespace === policyNamespace) return [{ podSelector }];
  return [
    { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': partner.namespace } }, podSelector },
  ];
}

function hostBlock(ip: string): PolicyPeer {
  return { ipBlock: { cidr: `${ip}/${familyOf(ip) === 'IPv6' ? 128 : 32}` } };
}

/** Without labels only the whole namespace can be named. */
function selectorOf({ labels }: PodInfo): NonNullable<PolicyPeer['podSelector']> {
  const stable = stableLabels(labels);
  return Object.keys(stable).length === 0 ? {} : { matchLabels: stable };
}

function waysToDeny(decision: Decision, direction: Direction, own: Peer): Change[] {
  if (decision.kind === 'allowed-by-rule') {
    const rules = decision.rules.map(({ policy, rule }) => `${policy} spec.${direction}[${rule}]`);
    return [{ kind: 'remove-rules', direction, rules }];
  }
  if (decision.kind !== 'not-isolated' || isExternal(own)) return [];
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
      return policies.map((policy) => withoutRules(policy, change.direction, change.rules));
  }
}

function withRule(
  policy: NetworkPolicy,
  { direction, rule }: Extract<Change, { kind: 'add-rule' }>,
): NetworkPolicy {
  const rules = [...(policy.spec[direction] ?? []), rule];
  return { ...policy, spec: { ...policy.spec, [direction]: rules } };
}

function withoutRules(policy: NetworkPolicy, direction: Direction, gone: readonly string[]): NetworkPolicy {
  const isGone = (index: number) => gone.includes(`${policyName(policy)} spec.${direction}[${index}]`);
  const rules = policy.spec[direction] ?? [];
  if (!rules.some((_, index) => isGone(index))) return policy;
  // The types are written out, so that a policy without its last egress rule goes on isolating.
  const policyTypes = policy.spec.policyTypes ?? impliedTypes(policy);
  return {
    ...policy,
    spec: { ...policy.spec, policyTypes, [direction]: rules.filter((_, index) => !isGone(index)) },
  };
}

function impliedTypes({ spec }: NetworkPolicy): readonly ('Ingress' | 'Egress')[] {
  return (spec.egress ?? []).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}
