// Which ports a rule opens: numbers, names that mean another number at another Pod, ranges at their very ends, protocols alone.
import { type Draft, family, type PolicyPort } from '../step.ts';
import {
  at,
  egress,
  everything,
  high,
  ingress,
  inX,
  low,
  pod,
  portNames,
  range,
  tcp,
  udp,
} from '../words.ts';

interface Ports {
  readonly name: string;
  readonly ports: readonly PolicyPort[];
  /** What it opens: at which Pods (`*` or names), and which port (`:80/TCP`, `/TCP`, or nothing for all). */
  readonly open: readonly (readonly [pods: string, port: string])[];
  readonly idea: string;
  readonly ingress?: string;
  readonly egress?: string;
}

const numbers = 'a port opened that is not named, or a protocol that is not';
const names = 'a port name looked up at the wrong Pod, or once for all of them';
const ranges = 'the ends of a range left out, or one too many taken in';

const table: readonly Ports[] = [
  {
    name: 'one TCP port',
    ports: [tcp(low)],
    open: [['*', ':80/TCP']],
    idea: numbers,
    ingress: 'should enforce policy based on Ports',
  },
  {
    name: 'one UDP port',
    ports: [udp(low)],
    open: [['*', ':80/UDP']],
    idea: numbers,
    ingress: 'should not allow access by TCP when a policy specifies only UDP',
  },
  {
    name: 'a port without protocol, which is TCP',
    ports: [{ port: low }],
    open: [['*', ':80/TCP']],
    idea: 'a protocol left out read as any',
  },
  { name: 'one number for both protocols', ports: [tcp(low), udp(low)], open: [['*', ':80']], idea: numbers },
  {
    name: 'two TCP ports',
    ports: [tcp(low), tcp(high)],
    open: [
      ['*', ':80/TCP'],
      ['*', ':81/TCP'],
    ],
    idea: numbers,
  },
  {
    name: 'another port for each protocol',
    ports: [tcp(low), udp(high)],
    open: [
      ['*', ':80/TCP'],
      ['*', ':81/UDP'],
    ],
    idea: numbers,
  },
  {
    name: 'TCP and no port, which is every TCP port',
    ports: [{ protocol: 'TCP' }],
    open: [['*', '/TCP']],
    idea: 'a protocol alone read as nothing, or as everything',
    ingress: 'should enforce ingress policy allowing any port traffic to a server on a specific protocol',
  },
  {
    name: 'UDP and no port',
    ports: [{ protocol: 'UDP' }],
    open: [['*', '/UDP']],
    idea: 'a protocol alone read as nothing, or as everything',
  },
  { name: 'a port that nobody serves', ports: [tcp(9)], open: [], idea: numbers },
  {
    name: 'an empty list of ports, which is every port',
    ports: [],
    open: [['*', '']],
    idea: 'an empty list read as no port',
  },
  {
    name: 'a port by name',
    ports: [tcp(portNames.low)],
    open: [
      ['a|b', ':80/TCP'],
      ['c', ':81/TCP'],
    ],
    idea: names,
    ingress: 'should allow ingress access on one named port',
    egress: 'should allow egress access on one named port',
  },
  {
    name: 'a UDP port by name',
    ports: [udp(portNames.highUdp)],
    open: [
      ['a|b', ':81/UDP'],
      ['c', ':80/UDP'],
    ],
    idea: names,
  },
  {
    name: 'a name and the wrong protocol',
    ports: [udp(portNames.low)],
    open: [],
    idea: 'a port name resolved without its protocol',
  },
  {
    name: 'a name that no Pod has',
    ports: [tcp('nobody')],
    open: [],
    idea: 'an unknown name read as any port',
  },
  {
    name: 'a name beside a number',
    ports: [tcp(portNames.low), udp(low)],
    open: [
      ['a|b', ':80/TCP'],
      ['c', ':81/TCP'],
      ['*', ':80/UDP'],
    ],
    idea: names,
  },
  {
    name: 'a range that ends one below the served ports',
    ports: [range(70, low - 1)],
    open: [],
    idea: ranges,
  },
  {
    name: 'a range that ends at the lower port',
    ports: [range(70, low)],
    open: [['*', ':80/TCP']],
    idea: ranges,
  },
  {
    name: 'a range of the lower port alone',
    ports: [range(low, low)],
    open: [['*', ':80/TCP']],
    idea: ranges,
  },
  {
    name: 'a range of both ports',
    ports: [range(low, high)],
    open: [
      ['*', ':80/TCP'],
      ['*', ':81/TCP'],
    ],
    idea: ranges,
  },
  {
    name: 'a range that begins at the higher port',
    ports: [range(high, 90)],
    open: [['*', ':81/TCP']],
    idea: ranges,
  },
  {
    name: 'a range that begins one above the served ports',
    ports: [range(high + 1, 90)],
    open: [],
    idea: ranges,
  },
  {
    name: 'a range of UDP ports',
    ports: [range(high, 90, 'UDP')],
    open: [['*', ':81/UDP']],
    idea: 'endPort used for TCP only',
  },
  {
    name: 'a range without protocol, which is TCP',
    ports: [{ port: low, endPort: high }],
    open: [
      ['*', ':80/TCP'],
      ['*', ':81/TCP'],
    ],
    idea: 'a protocol left out read as any',
  },
  {
    name: 'a range beside a single port of the other protocol',
    ports: [range(70, low), udp(high)],
    open: [
      ['*', ':80/TCP'],
      ['*', ':81/UDP'],
    ],
    idea: ranges,
  },
  { name: 'every port there is as a range', ports: [range(1, 65_535)], open: [['*', '/TCP']], idea: ranges },
];

const placed = (pods: string, namespace: string): string =>
  pods
    .split('|')
    .map((name) => `${namespace}/${name}`)
    .join('|');

function ingressDraft({ name, ports, open, idea, ingress: upstream }: Ports): Draft {
  return {
    title: `Pods of x are reached at ${name} only`,
    idea,
    ...(upstream === undefined ? {} : { upstream }),
    state: inX(ingress(everything, at(...ports))),
    expect: [...open.map(([pods, port]) => `* -> ${placed(pods, 'x')}${port} yes`), '* -> x/* no'],
  };
}

function egressDraft({ name, ports, open, idea, egress: upstream }: Ports): Draft {
  return {
    title: `x/a reaches others at ${name} only`,
    idea,
    ...(upstream === undefined ? {} : { upstream }),
    state: inX(egress(pod('a'), at(...ports))),
    expect: [
      ...open.map(([pods, port]) => `x/a -> ${pods === '*' ? '*' : placed(pods, '*')}${port} yes`),
      'x/a -> * no',
    ],
  };
}

export const portsIngress = family('ports-ingress', table.map(ingressDraft));
export const portsEgress = family('ports-egress', table.map(egressDraft));
