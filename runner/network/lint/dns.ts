// Egress that is allowed somewhere and not to DNS: the connection is open and its name cannot be found.

import { directionsOf, policyName, rulesOf } from '../model/compile.ts';
import { isExternal } from '../model/peer.ts';
import { judge } from '../model/reachability.ts';
import { selectorMatcher } from '../model/selector.ts';
import type { NetworkPolicy, Peer, PodInfo, Protocol } from '../model/types.ts';
import { policyProblems } from '../model/validate.ts';
import type { NetworkState } from '../state/types.ts';
import { type Found, type LintRule, lintRule } from './types.ts';

export const dnsRules: readonly LintRule[] = [
  lintRule(
    'egress-without-dns',
    'error',
    'Egress is isolated, something is allowed, and UDP 53 to DNS is not.',
    (state) => missing(state, 'UDP'),
  ),
  lintRule(
    'egress-without-dns-tcp',
    'warning',
    'UDP 53 is allowed and TCP 53 is not: long answers fail.',
    (state) => {
      const without = new Set(missing(state, 'UDP').map(({ policy }) => policyName(policy)));
      return missing(state, 'TCP').filter(({ policy }) => !without.has(policyName(policy)));
    },
  ),
];

/** One finding for each set of policies that isolates some Pod together, told at the first that allows something. */
function missing(state: NetworkState, protocol: Protocol): Found[] {
  const policies = state.policies.filter((policy) => policyProblems(policy).length === 0);
  const isolating = policies.filter((policy) => directionsOf(policy).includes('egress'));
  const servers = dnsServers(state.pods);
  const reaches = judge(isolating, state.namespaces, [...state.pods, ...servers]);
  const told = new Map<string, Found>();
  for (const pod of clients(state, isolating)) {
    if (servers.includes(pod)) continue;
    const own = isolating.filter((policy) => selects(policy, pod));
    const policy = own.find((one) => rulesOf(one, 'egress').length > 0);
    // Who denies everything means it.
    if (policy === undefined || told.has(policyName(policy))) continue;
    const egress = [...servers, nodeLocal].flatMap((server) =>
      portsOf(server).map((port) => reaches(pod, server, { port, protocol }).egress),
    );
    // An ipBlock whose Pod has no address yet leaves it in doubt, and doubt is no finding.
    if (egress.some((side) => side.kind !== 'isolated' || side.perhaps.length > 0)) continue;
    told.set(policyName(policy), {
      policy,
      path: 'spec.egress',
      message: `${pod.namespace}/${pod.name} may leave, but not to DNS by ${protocol} 53`,
      fix: 'add to: namespaceSelector kubernetes.io/metadata.name=kube-system with podSelector k8s-app=kube-dns, ports 53 of UDP and TCP',
    });
  }
  return [...told.values()];
}

/** Without any Pod, the labels that a policy wants stand in for one. */
function clients({ pods }: NetworkState, policies: readonly NetworkPolicy[]): readonly PodInfo[] {
  const running = pods.filter(({ hostNetwork }) => hostNetwork !== true);
  if (running.length > 0) return running;
  return policies.map(({ metadata, spec }) => ({
    namespace: metadata.namespace,
    name: `(Pods of ${metadata.name})`,
    labels: spec.podSelector?.matchLabels ?? {},
    ips: [],
    ports: [],
  }));
}

function selects({ metadata, spec }: NetworkPolicy, { namespace, labels }: PodInfo): boolean {
  return metadata.namespace === namespace && selectorMatcher(spec.podSelector ?? {})(labels);
}

/** Where NodeLocal DNSCache listens. */
const nodeLocal = { ip: '169.254.20.10' };

const kubeDns = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
const openShiftDns = {
  namespace: 'openshift-dns',
  labels: { 'dns.operator.openshift.io/daemonset-dns': 'default' },
};

/** OpenShift's Pods listen at 5353, which is what policies see; who lets 53 through is not accused. */
function portsOf(server: Peer): readonly number[] {
  return !isExternal(server) && server.namespace === openShiftDns.namespace ? [5353, 53] : [53];
}

/** The cluster's own, or all that distributions have. */
function dnsServers(pods: readonly PodInfo[]): readonly PodInfo[] {
  const places = [kubeDns, openShiftDns];
  const own = pods.filter((pod) =>
    places.some(
      ({ namespace, labels }) =>
        pod.namespace === namespace &&
        Object.entries(labels).every(([key, value]) => pod.labels[key] === value),
    ),
  );
  return own.length > 0 ? own : places.map((place) => ({ ...place, name: 'dns', ips: [], ports: dnsPorts }));
}

const dnsPorts = [53, 5353].flatMap((port) =>
  (['UDP', 'TCP'] as const).map((protocol) => ({
    name: protocol === 'UDP' ? 'dns' : 'dns-tcp',
    port,
    protocol,
  })),
);
