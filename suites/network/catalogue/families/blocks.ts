// ipBlock and its exceptions. Addresses of Pods are used because a world has no others; engines that know Pods by identity only
// (Cilium) are known to fail these, which is their finding to document.
import { type Draft, family, type PolicyPeer, type Scene } from '../step.ts';
import { at, block, both, directed, everything, from, namespaces, ns, pod, stateOf, tcp } from '../words.ts';

interface Blocks {
  readonly name: string;
  readonly peers: (scene: Scene) => readonly PolicyPeer[];
  readonly lets: string;
  readonly ingress?: string;
  readonly egress?: string;
}

const isIpv6 = (address: string) => address.includes(':');
const only = (address: string) => `${address}/${isIpv6(address) ? 128 : 32}`;
/** Of the family that Pods talk in. */
const everywhere = ({ address }: Scene) => (isIpv6(address('x/a')) ? '::/0' : '0.0.0.0/0');
const halves = ({ address }: Scene) =>
  isIpv6(address('x/a')) ? ['::/1', '8000::/1'] : ['0.0.0.0/1', '128.0.0.0/1'];
const nowhere = ({ address }: Scene) => (isIpv6(address('x/a')) ? '2001:db8:ffff::/48' : '198.51.100.0/24');

const table: readonly Blocks[] = [
  {
    name: 'the address of one Pod',
    peers: ({ address }) => [block(only(address('y/a')))],
    lets: 'y/a',
    egress: 'should allow egress access to server in CIDR block',
  },
  {
    name: 'the addresses of two Pods',
    peers: ({ address }) => [block(only(address('y/a'))), block(only(address('z/b')))],
    lets: 'y/a|z/b',
  },
  { name: 'every address', peers: (scene) => [block(everywhere(scene))], lets: '*' },
  {
    name: 'every address except one Pod',
    peers: (scene) => [block(everywhere(scene), only(scene.address('y/a')))],
    lets: '!y/a',
    egress: 'should enforce except clause while egress access to server in CIDR block',
  },
  {
    name: 'every address except two Pods of different namespaces',
    peers: (scene) => [block(everywhere(scene), only(scene.address('x/b')), only(scene.address('y/a')))],
    lets: '!x/b|y/a',
  },
  {
    name: 'an exception that another block gives back',
    peers: (scene) => [
      block(everywhere(scene), only(scene.address('y/a'))),
      block(only(scene.address('y/a'))),
    ],
    lets: '*',
    egress: 'should ensure an IP overlapping both IPBlock.CIDR and IPBlock.Except is allowed',
  },
  {
    name: 'an exception that a namespace gives back',
    peers: (scene) => [block(everywhere(scene), only(scene.address('y/a'))), namespaces(ns('y'))],
    lets: '*',
  },
  {
    name: 'a block without Pods',
    peers: (scene) => [block(nowhere(scene))],
    lets: 'none',
  },
  {
    name: 'a block without Pods, or a namespace',
    peers: (scene) => [block(nowhere(scene)), namespaces(ns('z'))],
    lets: 'z/*',
  },
  {
    name: 'both halves of all addresses',
    peers: (scene) => halves(scene).map((half) => block(half)),
    lets: '*',
  },
];

const idea = 'an exception that reaches beyond its own block, or a block that swallows its exception';

function drafts(direction: 'ingress' | 'egress'): Draft[] {
  return table.map((row) => {
    const upstream = row[direction];
    return {
      title:
        direction === 'ingress' ? `x/c is reached from ${row.name} only` : `x/c reaches ${row.name} only`,
      idea,
      ...(upstream === undefined ? {} : { upstream }),
      state: (scene) => stateOf(scene, { 'x/p': directed[direction](pod('c'), from(...row.peers(scene))) }),
      expect:
        direction === 'ingress'
          ? [`${row.lets} -> x/c yes`, '* -> x/c no']
          : [`x/c -> ${row.lets} yes`, 'x/c -> * no'],
    };
  });
}

const withPorts: readonly Draft[] = [
  {
    title: 'a block at one port',
    idea: 'ports forgotten beside an ipBlock',
    state: (scene) =>
      stateOf(scene, {
        'x/p': directed.ingress(everything, both(from(block(only(scene.address('y/a')))), at(tcp(80)))),
      }),
    expect: ['y/a -> x/*:80/TCP yes', '* -> x/* no'],
  },
  {
    title: 'everything but one Pod at one port, that Pod at the other',
    idea: 'the exception of one rule carried over to the next',
    state: (scene) =>
      stateOf(scene, {
        'x/p': directed.egress(
          pod('a'),
          both(from(block(everywhere(scene), only(scene.address('y/a')))), at(tcp(80))),
          both(from(block(only(scene.address('y/a')))), at(tcp(81))),
        ),
      }),
    expect: ['x/a -> y/a:81/TCP yes', 'x/a -> !y/a:80/TCP yes', 'x/a -> * no'],
  },
];

export const blocksIngress = family('blocks-ingress', drafts('ingress'));
export const blocksEgress = family('blocks-egress', drafts('egress'));
export const blocksAndPorts = family('blocks-and-ports', withPorts);
