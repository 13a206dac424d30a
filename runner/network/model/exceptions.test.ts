// Traffic that no policy governs, or that engines may see in two ways; and what cannot be known.
import { describe, expect, test } from 'vitest';
import { judge } from './reachability.ts';
import { allow, cidr, denyIn, denyOut, type Row, sentence } from './sentence-testing.ts';
import { namespaces, pod, pods, policy, tcp, verdict } from './testing.ts';
import type { LabelSelector, Peer } from './types.ts';

const { xa, xb, ya } = pods;

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
  const unread = pod('new', 'a', '10.9.0.1', { labels: { app: 'web' } });
  const byLabel = (selector: LabelSelector, podSelector?: LabelSelector) => [
    allow([{ namespaceSelector: selector, ...(podSelector === undefined ? {} : { podSelector }) }]),
  ];
  const name = 'kubernetes.io/metadata.name';
  const without = (key: string) => ({ matchExpressions: [{ key, operator: 'DoesNotExist' as const }] });
  const namespaceRows: readonly Row[] = [
    [
      'a label of a namespace that was not read',
      byLabel({ matchLabels: { team: 'red' } }),
      unread,
      xa,
      'unknown',
    ],
    ['that it has not', byLabel(without('untrusted')), unread, xa, 'unknown'],
    ['its name', byLabel({ matchLabels: { [name]: 'new' } }), unread, xa, 'allowed'],
    [
      'another name beside a label',
      byLabel({ matchLabels: { [name]: 'old', team: 'red' } }),
      unread,
      xa,
      'denied',
    ],
    [
      'its name beside a label',
      byLabel({ matchLabels: { [name]: 'new' }, ...without('a') }),
      unread,
      xa,
      'unknown',
    ],
    ['any namespace', byLabel({}), unread, xa, 'allowed'],
    [
      'labels of the Pod do not fit anyhow',
      byLabel(without('a'), { matchLabels: { app: 'db' } }),
      unread,
      xa,
      'denied',
    ],
    ['the policy’s own namespace', [allow([{ podSelector: {} }])], unread, xa, 'denied'],
    ['a namespace that was read', byLabel({ matchLabels: { team: 'red' } }), ya, xa, 'denied'],
  ];
  for (const [what, policies, from, to, expected] of [...rows, ...namespaceRows])
    test(what, () => expect(verdict(policies, from, to)).toBe(expected));

  test('by what it is', () => {
    const policies = [allow([cidr('10.0.0.0/8'), { namespaceSelector: { matchLabels: { team: 'red' } } }])];
    const notes = (from: Peer) => judge(policies, namespaces, [])(from, xa, tcp(80)).notes;
    expect(notes(standIn)).toEqual(['address-unknown']);
    expect(notes(pod('new', 'a', '192.0.2.1'))).toEqual(['namespace-unknown']);
  });
});
