// What a workload of a real platform needs and no more: DNS, the API server by its endpoint, itself.
import { type Draft, family, type Rule, type Scene } from '../step.ts';
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
    expect: ['x/* -> * no'],
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
];

/** Whether a Pod reaches itself under a deny is the specification's word (yes) and engines' deed; its cell is told apart. */
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
