// Traffic that no policy governs, or that engines may see in two ways; and what cannot be known.
import { describe, expect, test } from 'vitest';
import { allow, cidr, denyIn, denyOut, type Row, sentence } from './sentence-testing.ts';
import { pod, pods, policy, verdict } from './testing.ts';

const { xa, xb } = pods;

const onNode = { node: 'n1', nodeIps: ['172.18.0.2'] };
const host = (node: string, ip: string) =>
  pod('kube-system', 'agent', ip, { node, nodeIps: [ip], hostNetwork: true });
sentence('Network Policies', 'exception: a pod cannot block access to itself', [
  ['itself', [denyIn, denyOut], xa, xa, 'allowed'],
  ['by its address', [denyIn, denyOut], xa, { ip: '10.1.0.1' }, 'allowed'],
  ['not its neighbour', [denyIn, denyOut], xa, xb, 'denied'],
]);
sentence('API reference', "OR if the traffic source is the pod's local node", [
  ['its node', [denyIn], { ip: '172.18.0.2' }, pod('x', 'n', '10.1.0.9', onNode), 'implementation-defined'],
  [
    'to its node',
    [denyOut],
    pod('x', 'n', '10.1.0.9', onNode),
    { ip: '172.18.0.2' },
    'implementation-defined',
  ],
  [
    'a Pod in the host network of its node',
    [denyIn],
    host('n1', '172.18.0.2'),
    pod('x', 'n', '10.1.0.9', onNode),
    'implementation-defined',
  ],
  ['another node', [denyIn], { ip: '172.18.0.3' }, pod('x', 'n', '10.1.0.9', onNode), 'denied'],
]);

const system = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } };
sentence(
  'Network Policies',
  'NetworkPolicy behaviour for hostNetwork pods is undefined, but it should be limited to 2 possibilities',
  [
    ['a selector names it', [allow([system])], host('n2', '172.18.0.3'), xa, 'implementation-defined'],
    [
      'a selector and its node’s address',
      [allow([system, cidr('172.18.0.3/32')])],
      host('n2', '172.18.0.3'),
      xa,
      'allowed',
    ],
    ['nothing names it', [denyIn], host('n2', '172.18.0.3'), xa, 'denied'],
    [
      'a policy selects it',
      [policy('kube-system', {})],
      xa,
      host('n2', '172.18.0.3'),
      'implementation-defined',
    ],
  ],
);

describe('what is not known is said', () => {
  const standIn = pod('y', 'job', '');
  const rows: readonly Row[] = [
    ['an ipBlock and no address', [allow([cidr('10.0.0.0/8')])], standIn, xa, 'unknown'],
    [
      'a rule that needs none',
      [allow([cidr('10.0.0.0/8'), { namespaceSelector: {} }])],
      standIn,
      xa,
      'allowed',
    ],
    ['the port does not fit anyhow', [allow([cidr('10.0.0.0/8')], [{ port: 81 }])], standIn, xa, 'denied'],
    [
      'the other side denies anyhow',
      [allow([cidr('10.0.0.0/8')]), policy('y', { podSelector: {}, policyTypes: ['Egress'] })],
      standIn,
      xa,
      'denied',
    ],
  ];
  for (const [what, policies, from, to, expected] of rows)
    test(what, () => expect(verdict(policies, from, to)).toBe(expected));
});
