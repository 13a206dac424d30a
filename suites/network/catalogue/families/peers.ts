// Whom a rule lets through: peers by Pod, by namespace, by both in one peer, by several peers. x/a is the isolated Pod.
import { type Draft, family, type PolicyPeer, type Scene } from '../step.ts';
import {
  allOf,
  at,
  both,
  directed,
  everything,
  from,
  labelled,
  namespaces,
  ns,
  pod,
  pods,
  podsIn,
  stateOf,
  tcp,
  where,
} from '../words.ts';

interface Peers {
  readonly name: string;
  readonly peers: (scene: Scene) => readonly PolicyPeer[];
  /** Who is let through, as a pattern of expectation.ts. */
  readonly lets: string;
  /** Upstream's case, by the direction it tests. */
  readonly ingress?: string;
  readonly egress?: string;
}

const real = (scene: Scene, short: string) =>
  labelled({ 'kubernetes.io/metadata.name': scene.namespace(short) });

const table: readonly Peers[] = [
  {
    name: 'Pods of its own namespace by label',
    peers: () => [pods(pod('b'))],
    lets: 'x/b',
    ingress: 'should enforce policy to allow traffic from pods within server namespace based on PodSelector',
  },
  {
    name: 'every Pod of its own namespace',
    peers: () => [pods(everything)],
    lets: 'x/*',
    ingress: 'should deny ingress from pods on other namespaces',
  },
  {
    name: 'Pods by In',
    peers: () => [pods(where('pod', 'In', 'b', 'c'))],
    lets: 'x/b|x/c',
    ingress: 'should enforce policy based on PodSelector with MatchExpressions',
  },
  { name: 'Pods by NotIn', peers: () => [pods(where('pod', 'NotIn', 'b'))], lets: 'x/a|x/c' },
  { name: 'Pods by Exists', peers: () => [pods(where('tier', 'Exists'))], lets: 'x/a|x/b' },
  { name: 'Pods by DoesNotExist', peers: () => [pods(where('tier', 'DoesNotExist'))], lets: 'x/c' },
  { name: 'Pods whose label nobody has', peers: () => [pods(pod('nobody'))], lets: 'none' },
  {
    name: 'a namespace by label',
    peers: () => [namespaces(ns('y'))],
    lets: 'y/*',
    ingress:
      'should enforce policy to allow traffic only from a different namespace, based on NamespaceSelector',
  },
  {
    name: 'every namespace',
    peers: () => [namespaces(everything)],
    lets: '*/*|dns',
    ingress: 'should enforce policy to allow ingress traffic from pods in all namespaces',
  },
  { name: 'namespaces by In', peers: () => [namespaces(where('ns', 'In', 'y', 'z'))], lets: 'y/*|z/*' },
  {
    name: 'namespaces by NotIn, which a namespace without the key fulfils',
    peers: () => [namespaces(where('ns', 'NotIn', 'y'))],
    lets: 'x/*|z/*|dns',
    ingress: 'should enforce policy based on NamespaceSelector with MatchExpressions',
  },
  { name: 'namespaces by Exists', peers: () => [namespaces(where('team', 'Exists'))], lets: 'x/*|y/*' },
  {
    name: 'namespaces by DoesNotExist',
    peers: () => [namespaces(where('team', 'DoesNotExist'))],
    lets: 'z/*|dns',
  },
  {
    name: 'a namespace by the name that Kubernetes labels it with',
    peers: (scene) => [namespaces(real(scene, 'z'))],
    lets: 'z/*',
    ingress: 'should enforce policy based on NamespaceSelector with MatchExpressions using default ns label',
  },
  {
    name: 'some Pods of a namespace, both selectors in one peer',
    peers: () => [podsIn(ns('y'), pod('a'))],
    lets: 'y/a',
    ingress: 'should enforce policy based on PodSelector and NamespaceSelector',
    egress:
      'should enforce egress policy allowing traffic to a server in a different namespace based on PodSelector and NamespaceSelector',
  },
  {
    name: 'a namespace or some Pods, the same selectors in two peers',
    peers: () => [namespaces(ns('y')), pods(pod('b'))],
    lets: 'y/*|x/b',
    ingress: 'should enforce policy based on PodSelector or NamespaceSelector',
  },
  {
    name: 'some Pods of every namespace',
    peers: () => [podsIn(everything, pod('c'))],
    lets: '*/c',
    ingress: 'should enforce policy based on any PodSelectors',
  },
  {
    name: 'every Pod of a namespace, the Pod selector empty',
    peers: () => [podsIn(ns('z'), everything)],
    lets: 'z/*',
  },
  {
    name: 'expressions in both selectors of one peer',
    peers: () => [podsIn(where('ns', 'In', 'x', 'y'), where('pod', 'NotIn', 'a'))],
    lets: 'x/b|x/c|y/b|y/c',
    ingress: 'should enforce policy based on Multiple PodSelectors and NamespaceSelectors',
  },
  {
    name: 'two peers that both hold two selectors',
    peers: () => [podsIn(ns('y'), pod('a')), podsIn(ns('z'), pod('b'))],
    lets: 'y/a|z/b',
  },
  {
    name: 'a peer whose two selectors agree on nobody',
    peers: () => [podsIn(ns('z'), labelled({ pod: 'a', tier: 'back' }))],
    lets: 'none',
  },
  {
    name: 'a label of a Pod looked for at namespaces',
    peers: () => [namespaces(pod('a'))],
    lets: 'none',
  },
  {
    name: 'namespaces by two expressions that must both hold',
    peers: () => [namespaces(allOf(where('team', 'Exists'), where('ns', 'NotIn', 'x')))],
    lets: 'y/*',
  },
];

const idea = 'peers mixed up: selectors added instead of crossed, another namespace taken for the own one';

function drafts(direction: 'ingress' | 'egress'): Draft[] {
  return table.map((row) => {
    const upstream = row[direction];
    return {
      title: direction === 'ingress' ? `x/a is reached by ${row.name} only` : `x/a reaches ${row.name} only`,
      idea,
      ...(upstream === undefined ? {} : { upstream }),
      state: (scene) => stateOf(scene, { 'x/p': directed[direction](pod('a'), from(...row.peers(scene))) }),
      expect:
        direction === 'ingress'
          ? [`${row.lets} -> x/a yes`, '* -> x/a no']
          : [`x/a -> ${row.lets} yes`, 'x/a -> * no'],
    };
  });
}

export const peersIngress = family('peers-ingress', drafts('ingress'));
export const peersEgress = family('peers-egress', drafts('egress'));

/** Peers and ports belong together within a rule, and not across rules. */
export const peersAndPorts = family('peers-and-ports', [
  {
    title: 'a rule lets its peers through at its ports only',
    idea: 'peers and ports of one rule taken as alternatives',
    upstream: 'should allow ingress access from namespace on one named port',
    state: (scene) =>
      stateOf(scene, {
        'x/p': directed.ingress(pod('a'), both(from(namespaces(ns('y'))), at(tcp('first')))),
      }),
    expect: ['y/* -> x/a:80/TCP yes', '* -> x/a no'],
  },
  {
    title: 'two rules do not lend each other peers or ports',
    idea: 'rules of one policy multiplied',
    state: (scene) =>
      stateOf(scene, {
        'x/p': directed.ingress(
          pod('a'),
          both(from(namespaces(ns('y'))), at(tcp(80))),
          both(from(namespaces(ns('z'))), at(tcp(81))),
        ),
      }),
    expect: ['y/* -> x/a:80/TCP yes', 'z/* -> x/a:81/TCP yes', '* -> x/a no'],
  },
  {
    title: 'two egress rules do not lend each other peers or ports',
    idea: 'rules of one policy multiplied',
    state: (scene) =>
      stateOf(scene, {
        'x/p': directed.egress(
          pod('a'),
          both(from(namespaces(ns('y'))), at(tcp(80))),
          both(from(pods(pod('b'))), at(tcp(81))),
        ),
      }),
    expect: ['x/a -> y/*:80/TCP yes', 'x/a -> x/b:81/TCP yes', 'x/a -> * no'],
  },
  {
    title: 'a rule for one peer at one port, another for everybody at the other',
    idea: 'the wider rule swallowed by the narrower one',
    state: (scene) =>
      stateOf(scene, {
        'x/p': directed.ingress(pod('a'), both(from(pods(pod('b'))), at(tcp(80))), at(tcp(81))),
      }),
    expect: ['x/b -> x/a:80/TCP yes', '* -> x/a:81/TCP yes', '* -> x/a no'],
  },
]);
