// Several policies at once: rules add up, a deny takes nothing back, and both ends must agree.
import { type Draft, family } from '../step.ts';
import {
  anything,
  at,
  both,
  egress,
  everything,
  from,
  ingress,
  ingressAndEgress,
  namespaces,
  ns,
  pod,
  pods,
  policies,
  tcp,
  udp,
  where,
} from '../words.ts';

const denyIngress = ingress(everything);
const denyEgress = egress(everything);
const fromY = from(namespaces(ns('y')));

const drafts: readonly Draft[] = [
  {
    title: 'default-deny ingress and one allowed namespace',
    idea: 'a deny that wins over an allow',
    upstream: 'should enforce policy to allow ingress traffic for a target',
    state: policies({ 'x/p': denyIngress, 'x/allow': ingress(pod('a'), fromY) }),
    expect: ['y/* -> x/a yes', '* -> x/* no'],
  },
  {
    title: 'default-deny ingress and allow-all ingress',
    idea: 'the order of policies taken for their meaning',
    upstream: 'should enforce multiple ingress policies with ingress allow-all policy taking precedence',
    state: policies({ 'x/p': denyIngress, 'x/allow': ingress(everything, anything) }),
    expect: [],
  },
  {
    title: 'default-deny egress and allow-all egress',
    idea: 'the order of policies taken for their meaning',
    upstream: 'should enforce multiple egress policies with egress allow-all policy taking precedence',
    state: policies({ 'x/p': denyEgress, 'x/allow': egress(everything, anything) }),
    expect: [],
  },
  {
    title: 'an allow that sorts before the deny',
    idea: 'the last policy by name wins',
    state: policies({ 'x/a-allow': ingress(pod('b'), anything), 'x/p': denyIngress }),
    expect: ['* -> x/b yes', '* -> x/* no'],
  },
  {
    title: 'two policies with overlapping Pods and other ports',
    idea: 'only one of the policies of a Pod is applied',
    upstream: 'should enforce multiple, stacked policies with overlapping podSelectors',
    state: policies({
      'x/allow': ingress(where('pod', 'In', 'b', 'c'), at(tcp(81))),
      'x/p': ingress(where('pod', 'In', 'a', 'b'), at(tcp(80))),
    }),
    expect: ['* -> x/a|x/b:80/TCP yes', '* -> x/b|x/c:81/TCP yes', '* -> x/* no'],
  },
  {
    title: 'two policies for one Pod let different peers in at different ports',
    idea: 'peers and ports of two policies multiplied',
    state: policies({
      'x/allow': ingress(pod('a'), both(from(namespaces(ns('z'))), at(udp(81)))),
      'x/p': ingress(pod('a'), both(fromY, at(tcp(80)))),
    }),
    expect: ['y/* -> x/a:80/TCP yes', 'z/* -> x/a:81/UDP yes', '* -> x/a no'],
  },
  {
    title: 'egress denied at the client, although the server lets it in',
    idea: 'ingress taken as enough',
    upstream:
      'should support denying of egress traffic on the client side (even if the server explicitly allows this traffic)',
    state: policies({
      'x/p': egress(pod('a'), from(pods(pod('b')))),
      'y/allow': ingress(everything, anything),
    }),
    expect: ['x/a -> x/b yes', 'x/a -> * no'],
  },
  {
    title: 'egress allowed at the client, and denied at the server',
    idea: 'egress taken as enough',
    state: policies({
      'x/p': egress(pod('a'), from(namespaces(ns('y')))),
      'y/p': ingress(everything, from(namespaces(ns('z')))),
    }),
    expect: ['x/a -> * no', 'z/* -> y/* yes', '* -> y/* no'],
  },
  {
    title: 'client and server name each other',
    idea: 'one of two directions read the wrong way round',
    upstream: 'should work with Ingress, Egress specified together',
    state: policies({
      'x/p': egress(pod('a'), from(namespaces(ns('y')))),
      'y/p': ingress(everything, from(namespaces(ns('x')))),
    }),
    expect: ['x/a -> y/* yes', 'x/a -> * no', 'x/* -> y/* yes', '* -> y/* no'],
  },
  {
    title: 'client and server agree on a peer, not on a port',
    idea: 'ports of one direction forgotten',
    state: policies({
      'x/p': egress(pod('a'), both(from(namespaces(ns('y'))), at(tcp(80)))),
      'y/p': ingress(everything, at(tcp(81))),
    }),
    expect: ['x/a -> * no', '* -> y/*:81/TCP yes', '* -> y/* no'],
  },
  {
    title: 'one policy of both directions, with other peers in each',
    idea: 'peers of one direction used in the other',
    upstream:
      'should enforce policies to check ingress and egress policies can be controlled independently based on PodSelector',
    state: policies({ 'x/p': ingressAndEgress(pod('a'), [from(pods(pod('b')))], [from(pods(pod('c')))]) }),
    expect: ['x/b -> x/a yes', '* -> x/a no', 'x/a -> x/c yes', 'x/a -> * no'],
  },
  {
    title: 'the same policy in two namespaces means the Pods of each',
    idea: 'a podSelector that looks beyond its namespace',
    state: policies({
      'x/p': ingress(everything, from(pods(everything))),
      'y/p': ingress(everything, from(pods(everything))),
    }),
    expect: ['x/* -> x/* yes', 'y/* -> y/* yes', '* -> x/*|y/* no'],
  },
  {
    title: 'the same policy twice is the policy once',
    idea: 'counting of policies',
    state: policies({ 'x/allow': ingress(pod('b'), fromY), 'x/p': ingress(pod('b'), fromY) }),
    expect: ['y/* -> x/b yes', '* -> x/b no'],
  },
  {
    title: 'isolated by one policy, allowed by another that selects by another label',
    idea: 'policies of a Pod found by one label only',
    state: policies({
      'x/allow': ingress({ matchLabels: { tier: 'front' } }, from(namespaces(ns('z')))),
      'x/p': ingress(pod('a')),
    }),
    expect: ['z/* -> x/a yes', '* -> x/a no'],
  },
  {
    title: 'a policy of another namespace with the same name and Pods takes nothing away',
    idea: 'policies confused by their names',
    state: policies({ 'x/p': ingress(pod('a'), fromY), 'z/p': ingress(pod('a'), from(pods(everything))) }),
    expect: ['y/* -> x/a yes', '* -> x/a no', 'z/* -> z/a yes', '* -> z/a no'],
  },
];

export const unions = family('unions', drafts);
