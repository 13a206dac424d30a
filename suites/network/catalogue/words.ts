// Short words for selectors, peers and policies, so that a step reads like the sentence it tests.
import type {
  Labels,
  Policy,
  PolicyPeer,
  PolicyPort,
  PolicySpec,
  Rule,
  Scene,
  Selector,
  State,
} from './step.ts';

/** Ports that every Pod serves, TCP and UDP. They are neighbours, so that the ends of a range can be tried. */
export const low = 80;
export const high = 81;

/** Names of container ports. Pod `c` of each namespace has them the other way round: a name is resolved at each Pod. */
export const portNames = {
  low: 'first',
  high: 'second',
  lowUdp: 'first-udp',
  highUdp: 'second-udp',
} as const;

/** Labels that all steps share, besides `pod` and `ns`. */
export const podLabels: Readonly<Record<string, Labels>> = Object.fromEntries(
  ['x', 'y', 'z'].flatMap((ns) => [
    [`${ns}/a`, { tier: 'front' }],
    [`${ns}/b`, { tier: 'back' }],
  ]),
);
export const namespaceLabels: Readonly<Record<string, Labels>> = { x: { team: 'red' }, y: { team: 'red' } };

export const everything: Selector = {};
export const labelled = (labels: Labels): Selector => ({ matchLabels: labels });
export const pod = (name: string): Selector => labelled({ pod: name });
export const ns = (name: string): Selector => labelled({ ns: name });

type Operator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
export const where = (key: string, operator: Operator, ...values: readonly string[]): Selector => ({
  matchExpressions: [{ key, operator, ...(values.length === 0 ? {} : { values }) }],
});
/** All of the given selectors must hold. */
export const allOf = (...selectors: readonly Selector[]): Selector => ({
  matchLabels: Object.assign({}, ...selectors.map((one) => one.matchLabels ?? {})) as Labels,
  matchExpressions: selectors.flatMap((one) => one.matchExpressions ?? []),
});

export const pods = (podSelector: Selector): PolicyPeer => ({ podSelector });
export const namespaces = (namespaceSelector: Selector): PolicyPeer => ({ namespaceSelector });
export const podsIn = (namespaceSelector: Selector, podSelector: Selector): PolicyPeer => ({
  namespaceSelector,
  podSelector,
});
export const block = (cidr: string, ...except: readonly string[]): PolicyPeer => ({
  ipBlock: { cidr, ...(except.length === 0 ? {} : { except }) },
});

export const tcp = (port: number | string): PolicyPort => ({ protocol: 'TCP', port });
export const udp = (port: number | string): PolicyPort => ({ protocol: 'UDP', port });
export const range = (port: number, endPort: number, protocol: 'TCP' | 'UDP' = 'TCP'): PolicyPort => ({
  protocol,
  port,
  endPort,
});

export const from = (...peers: readonly PolicyPeer[]): Rule => ({ peers });
export const to = from;
export const at = (...ports: readonly PolicyPort[]): Rule => ({ ports });
export const anything: Rule = {};
export const both = (peers: Rule, ports: Rule): Rule => ({ ...peers, ...ports });

const ingressRule = ({ peers, ports }: Rule) => ({
  ...(peers === undefined ? {} : { from: peers }),
  ...(ports === undefined ? {} : { ports }),
});
const egressRule = ({ peers, ports }: Rule) => ({
  ...(peers === undefined ? {} : { to: peers }),
  ...(ports === undefined ? {} : { ports }),
});

/** The selected Pods take nothing in but what the rules say; without rules nothing. */
export const ingress = (podSelector: Selector, ...rules: readonly Rule[]): PolicySpec => ({
  podSelector,
  policyTypes: ['Ingress'],
  ...(rules.length === 0 ? {} : { ingress: rules.map(ingressRule) }),
});
export const egress = (podSelector: Selector, ...rules: readonly Rule[]): PolicySpec => ({
  podSelector,
  policyTypes: ['Egress'],
  ...(rules.length === 0 ? {} : { egress: rules.map(egressRule) }),
});
export const ingressAndEgress = (
  podSelector: Selector,
  incoming: readonly Rule[],
  outgoing: readonly Rule[],
): PolicySpec => ({
  podSelector,
  policyTypes: ['Ingress', 'Egress'],
  ...(incoming.length === 0 ? {} : { ingress: incoming.map(ingressRule) }),
  ...(outgoing.length === 0 ? {} : { egress: outgoing.map(egressRule) }),
});
export const directed = { ingress, egress } as const;

/** Policies by `namespace/name` over the labels that all steps share. */
export function stateOf(
  scene: Scene,
  policies: Readonly<Record<string, PolicySpec>>,
  more: Partial<Omit<State, 'policies'>> = {},
): State {
  const objects = Object.entries(policies).map(([place, spec]): Policy => {
    const [namespace = '', name = ''] = place.split('/');
    return { metadata: { name, namespace: scene.namespace(namespace) }, spec };
  });
  return {
    ...more,
    policies: objects,
    podLabels: overlaid(podLabels, more.podLabels),
    namespaceLabels: overlaid(namespaceLabels, more.namespaceLabels),
  };
}

function overlaid(
  base: Readonly<Record<string, Labels>>,
  over: Readonly<Record<string, Labels>> = {},
): Readonly<Record<string, Labels>> {
  const result: Record<string, Labels> = { ...base };
  for (const [name, labels] of Object.entries(over)) result[name] = { ...result[name], ...labels };
  return result;
}

/** The same object in most steps, so that going on to the next one is a single write. */
export const policyName = 'x/p';
export const inX =
  (spec: PolicySpec, more?: Partial<Omit<State, 'policies'>>) =>
  (scene: Scene): State =>
    stateOf(scene, { [policyName]: spec }, more);
export const policies =
  (specs: Readonly<Record<string, PolicySpec>>, more?: Partial<Omit<State, 'policies'>>) =>
  (scene: Scene): State =>
    stateOf(scene, specs, more);
