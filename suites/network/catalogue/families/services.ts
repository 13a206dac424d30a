// What a workload of a real platform needs and no more: DNS, the API server by its endpoint, itself.
import { type Draft, family, type PolicySpec, type Rule, type Scene } from '../step.ts';
import {
  at,
  block,
  both,
  egress,
  everything,
  from,
  ingressAndEgress,
  labelled,
  namespaces,
  ns,
  pod,
  pods,
  podsIn,
  stateOf,
  tcp,
  udp,
} from '../words.ts';

const kubeSystem = labelled({ 'kubernetes.io/metadata.name': 'kube-system' });
const dnsPods = podsIn(kubeSystem, labelled({ 'k8s-app': 'kube-dns' }));
const dns = both(from(dnsPods), at(udp(53), tcp(53)));

const api = ({ apiServer: { address, port } }: Scene): Rule =>
  both(from(block(`${address}/${address.includes(':') ? 128 : 32}`)), at(tcp(port)));

const privateRanges = {
  ipv4: ['10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'],
  ipv6: ['::1/128', 'fc00::/7', 'fe80::/10'],
} as const;

/** Word for word what the runner's builder makes; a test keeps the two equal. */
const workload = (scene: Scene): PolicySpec => ({
  podSelector: pod('a'),
  policyTypes: ['Ingress', 'Egress'],
  ingress: [],
  egress: [
    { to: [block('127.0.0.0/8'), block('::1/128')] },
    { to: [dnsPods], ports: [udp(53), tcp(53)] },
    {
      to: [block('0.0.0.0/0', ...privateRanges.ipv4), block('::/0', ...privateRanges.ipv6)],
      ports: [tcp(443), tcp(80)],
    },
    {
      to: [block(`${scene.apiServer.address}/${scene.apiServer.address.includes(':') ? 128 : 32}`)],
      ports: [tcp(scene.apiServer.port)],
    },
  ],
});

const drafts: readonly Draft[] = [
  {
    title: 'Pods of x reach DNS and nothing else',
    idea: 'names that no longer resolve under a deny, or a rule for DNS that opens more',
    state: (scene) => stateOf(scene, { 'x/p': egress(everything, dns) }),
    expect: ['x/* -> dns yes', 'x/* -> * no'],
  },
  {
    title: 'Pods of x reach DNS by UDP and nothing else',
    idea: 'a protocol beside the named one let through',
    state: (scene) => stateOf(scene, { 'x/p': egress(everything, both(from(dnsPods), at(udp(53)))) }),
    expect: ['x/* -> dns/UDP yes', 'x/* -> * no'],
  },
  {
    title: 'port 53 anywhere opens DNS and no other port',
    idea: 'ports without peers',
    state: (scene) => stateOf(scene, { 'x/p': egress(everything, at(udp(53), tcp(53))) }),
    expect: ['x/* -> dns yes', 'x/* -> * no'],
  },
  {
    title: 'DNS and a namespace',
    idea: 'the usual policy of a workload',
    state: (scene) => stateOf(scene, { 'x/p': egress(everything, dns, from(namespaces(ns('y')))) }),
    expect: ['x/* -> dns|y/* yes', 'x/* -> * no'],
  },
  {
    title: 'Pods of x reach the API server by its endpoint and nothing else',
    idea: 'an ipBlock of a node that is not matched',
    state: (scene) => stateOf(scene, { 'x/p': egress(everything, api(scene)) }),
    expect: ['x/* -> api yes', 'x/* -> * no'],
  },
  {
    title: 'the API server by its endpoint, at the port of its Service: refused',
    idea: 'ports judged before the Service address is rewritten',
    state: (scene) => {
      const { address, port } = scene.apiServer;
      const wrongPort = { ...scene, apiServer: { address, port: port === 443 ? 6443 : 443 } };
      return stateOf(scene, { 'x/p': egress(everything, api(wrongPort)) });
    },
    expect: ['x/* -> api no', 'x/* -> * no'],
  },
  {
    title: 'DNS and the API server',
    idea: 'what a controller needs',
    state: (scene) => stateOf(scene, { 'x/p': egress(everything, dns, api(scene)) }),
    expect: ['x/* -> dns|api yes', 'x/* -> * no'],
  },
  {
    title: 'everything but the API server',
    idea: 'an exception of a node address that is not matched',
    state: (scene) => {
      const { address } = scene.apiServer;
      const [every, own] = address.includes(':') ? (['::/0', 128] as const) : (['0.0.0.0/0', 32] as const);
      return stateOf(scene, { 'x/p': egress(everything, from(block(every, `${address}/${own}`))) });
    },
    expect: ['x/* -> api no'],
  },
  {
    title: 'the policy of a workload, as `charter network policy` prints it',
    idea: 'a builder whose policy means something else in a cluster than on paper',
    state: (scene) => stateOf(scene, { 'x/p': workload(scene) }),
    expect: ['* -> x/a no', 'x/a -> dns|api yes', 'x/a -> * no'],
  },
];

/** That a Pod reaches itself under a deny is the specification's word. By its own address it does so without leaving itself: what an engine cuts are the others. */
const ownPod: readonly Draft[] = [
  {
    title: 'a Pod that nobody reaches and that reaches nobody still reaches itself',
    idea: 'own-Pod traffic cut by a deny',
    state: (scene) => stateOf(scene, { 'x/p': ingressAndEgress(pod('a'), [], []) }),
    expect: ['* -> x/a no', 'x/a -> * no'],
  },
  {
    title: 'a Pod that a policy lets talk to itself only',
    idea: 'a peer that is the Pod itself',
    state: (scene) =>
      stateOf(scene, { 'x/p': ingressAndEgress(pod('b'), [from(pods(pod('b')))], [from(pods(pod('b')))]) }),
    expect: ['* -> x/b no', 'x/b -> * no'],
  },
];

export const services = family('services', drafts);
export const ownPods = family('own-pod', ownPod);
