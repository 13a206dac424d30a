// Ports by number, name and range, and what is meant where something is left out.
import { allow, allowOut, cidr, inAlice, isB, outside, sentence, toA } from './sentence-testing.ts';
import { pod, pods, policy, tcp } from './testing.ts';

const { xa, xb, ya } = pods;

sentence(
  'API reference',
  'If this field is empty or missing, this rule matches all sources (traffic not restricted by source).',
  [
    ['from absent', [policy('x', { ...toA, ingress: [{ ports: [{ port: 80 }] }] })], outside, xa, 'allowed'],
    [
      'from empty',
      [policy('x', { ...toA, ingress: [{ from: [], ports: [{ port: 80 }] }] })],
      ya,
      xa,
      'allowed',
    ],
  ],
);

sentence(
  'API reference',
  'If this field is empty or missing, this rule matches all ports (traffic not restricted by port).',
  [
    ['ports absent', [allow([isB])], xb, xa, 'allowed', tcp(4711)],
    ['ports empty', [allow([isB], [])], xb, xa, 'allowed', { port: 53, protocol: 'UDP' }],
  ],
);

sentence('API reference', 'If not specified, this field defaults to TCP.', [
  ['TCP', [allow([isB], [{ port: 80 }])], xb, xa, 'allowed'],
  ['not UDP', [allow([isB], [{ port: 80 }])], xb, xa, 'denied', { port: 80, protocol: 'UDP' }],
  ['not SCTP', [allow([isB], [{ port: 80 }])], xb, xa, 'denied', { port: 80, protocol: 'SCTP' }],
  [
    'a protocol alone is all its ports',
    [allow([isB], [{ protocol: 'UDP' }])],
    xb,
    xa,
    'allowed',
    { port: 9, protocol: 'UDP' },
  ],
  ['and none of another', [allow([isB], [{ protocol: 'UDP' }])], xb, xa, 'denied', tcp(9)],
  ['an empty port entry is all TCP', [allow([isB], [{}])], xb, xa, 'allowed', tcp(4711)],
  ['and no UDP', [allow([isB], [{}])], xb, xa, 'denied', { port: 4711, protocol: 'UDP' }],
]);

const range = [allow([isB], [{ port: 100, endPort: 110 }])];
sentence(
  'API reference',
  'endPort indicates that the range of ports from port to endPort if set, inclusive, should be allowed by the policy.',
  [
    ['port - 1', range, xb, xa, 'denied', tcp(99)],
    ['port', range, xb, xa, 'allowed', tcp(100)],
    ['between', range, xb, xa, 'allowed', tcp(105)],
    ['endPort', range, xb, xa, 'allowed', tcp(110)],
    ['endPort + 1', range, xb, xa, 'denied', tcp(111)],
    ['another protocol', range, xb, xa, 'denied', { port: 105, protocol: 'UDP' }],
    ['a range of one', [allow([isB], [{ port: 100, endPort: 100 }])], xb, xa, 'allowed', tcp(100)],
  ],
);

const byName = [policy('x', { podSelector: {}, ingress: [{ ports: [{ port: 'web' }] }] })];
const named = (number: number, protocol: 'TCP' | 'UDP' = 'TCP') => ({
  ports: [{ name: 'web', port: number, protocol }],
});
sentence('API types', 'This can either be a numerical or named port on a pod.', [
  [
    'the number that the Pod gives the name',
    byName,
    ya,
    pod('x', 'c', '10.1.0.3', named(8080)),
    'allowed',
    tcp(8080),
  ],
  [
    'another Pod gives it another number',
    byName,
    ya,
    pod('x', 'd', '10.1.0.4', named(9090)),
    'denied',
    tcp(8080),
  ],
  ['a Pod without the name', byName, ya, xa, 'denied', tcp(80)],
  [
    'of the other protocol',
    byName,
    ya,
    pod('x', 'c', '10.1.0.3', named(53, 'UDP')),
    'denied',
    { port: 53, protocol: 'UDP' },
  ],
  [
    'out to a Pod that has it',
    [allowOut([inAlice], [{ port: 'web' }])],
    xa,
    pod('z', 'c', '10.3.0.3', named(8080)),
    'allowed',
    tcp(8080),
  ],
  [
    'the source’s own name means nothing',
    [allowOut([inAlice], [{ port: 'http' }])],
    xa,
    pod('z', 'c', '10.3.0.3', named(80)),
    'denied',
    tcp(80),
  ],
  [
    'out to an address, which has no names',
    [allowOut([cidr('0.0.0.0/0')], [{ port: 'web' }])],
    xa,
    outside,
    'denied',
    tcp(80),
  ],
  [
    'a UDP port of the name is none of TCP',
    byName,
    ya,
    pod('x', 'c', '10.1.0.3', named(53, 'UDP')),
    'denied',
    tcp(53),
  ],
  ['asked by name', byName, ya, pod('x', 'c', '10.1.0.3', named(8080)), 'allowed', tcp('web')],
  ['asked by a name that it has not', byName, ya, xa, 'unknown', tcp('web')],
]);
