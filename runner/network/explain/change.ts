// What would have to change for the other verdict, as YAML that can be pasted: a rule to add, rules to remove, a policy to create.
import { familyOf } from '../model/address.ts';
import { isExternal } from '../model/peer.ts';
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
import { stableLabels } from '../state/workload.ts';

export type Change =
  /** Add this rule to the list `spec.<direction>` of the policy. Every change of this kind is needed. */
  | {
      readonly kind: 'add-rule';
      readonly policy: string;
      readonly direction: Direction;
      readonly rule: IngressRule | EgressRule;
    }
  /** Remove all these rules (`namespace/name spec.ingress[0]`). One side is enough. */
  | { readonly kind: 'remove-rules'; readonly direction: Direction; readonly rules: readonly string[] }
  /** Create this policy; it also ends everything else that reaches, or leaves, the Pod in this direction. */
  | { readonly kind: 'isolate'; readonly direction: Direction; readonly policy: NetworkPolicy };

/** Empty where no policy can change the verdict (a Pod to itself, a Pod and its node) or where it is not known. */
export function changesFor(cell: Cell, from: Peer, to: Peer): readonly Change[] {
  const number = cell.portNumber;
  if (number === undefined) return [];
  if (cell.verdict === 'denied')
    return [...ruleToAdd(cell.egress, 'egress', to, cell), ...ruleToAdd(cell.ingress, 'ingress', from, cell)];
  if (cell.verdict !== 'allowed') return [];
  return [...waysToDeny(cell.ingress, 'ingress', to), ...waysToDeny(cell.egress, 'egress', from)];
}

function ruleToAdd(
  decision: Decision,
  direction: Direction,
  partner: Peer,
  { protocol, portNumber }: Cell,
): Change[] {
  const policy = decision.kind === 'isolated' ? decision.selectedBy[0] : undefined;
  if (policy === undefined) return [];
  const peers = peersFor(partner, policy.split('/')[0] ?? '');
  const ports = [{ protocol, port: portNumber }];
  const rule = direction === 'ingress' ? { from: peers, ports } : { to: peers, ports };
  return [{ kind: 'add-rule', policy, direction, rule }];
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
  const policyTypes = [direction === 'ingress' ? ('Ingress' as const) : ('Egress' as const)];
  const name = `${own.workload?.split('/')[1] ?? own.name}-deny-${direction}`;
  const spec = { podSelector: selectorOf(own), policyTypes };
  return [{ kind: 'isolate', direction, policy: { metadata: { name, namespace: own.namespace }, spec } }];
}

/** The policies with the change made: how it is proven that it changes the verdict. */
export function withChange(policies: readonly NetworkPolicy[], change: Change): readonly NetworkPolicy[] {
  switch (change.kind) {
    case 'isolate':
      return [...policies, change.policy];
    case 'add-rule':
      return policies.map((policy) => (nameOf(policy) === change.policy ? withRule(policy, change) : policy));
    case 'remove-rules':
      return policies.map((policy) => withoutRules(policy, change.direction, change.rules));
  }
}

function nameOf({ metadata }: NetworkPolicy): string {
  return `${metadata.namespace}/${metadata.name}`;
}

function withRule(
  policy: NetworkPolicy,
  { direction, rule }: Extract<Change, { kind: 'add-rule' }>,
): NetworkPolicy {
  const rules = [...(policy.spec[direction] ?? []), rule];
  return { ...policy, spec: { ...policy.spec, [direction]: rules } };
}

function withoutRules(policy: NetworkPolicy, direction: Direction, gone: readonly string[]): NetworkPolicy {
  const isGone = (index: number) => gone.includes(`${nameOf(policy)} spec.${direction}[${index}]`);
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
