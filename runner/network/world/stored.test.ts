// A policy that came out of admission as another one is the cluster's doing; one with its defaults filled in is the one that was sent.
import { expect, test } from 'vitest';
import type { PolicySpec } from '../model/types.ts';
import { requireOwnLabels, requireStoredLabels, requireStoredPolicy } from './stored.ts';

const metadata = { name: 'p', namespace: 'charter-net-ab12-x' };
const stored = (sent: PolicySpec, spec: PolicySpec | undefined) => () =>
  requireStoredPolicy({ metadata, spec: sent }, spec);
const a = { podSelector: { matchLabels: { pod: 'a' } } };

test.each<[string, PolicySpec, PolicySpec]>([
  ['no types', { podSelector: {} }, { podSelector: {}, policyTypes: ['Ingress'] }],
  ['egress rules', { egress: [{}] }, { podSelector: {}, policyTypes: ['Ingress', 'Egress'], egress: [{}] }],
  ['an empty list of rules', { ingress: [], egress: [] }, { podSelector: {}, policyTypes: ['Ingress'] }],
  [
    'a port without protocol',
    { ingress: [{ from: [], ports: [{ port: 80 }, {}] }] },
    { policyTypes: ['Ingress'], ingress: [{ ports: [{ protocol: 'TCP', port: 80 }, { protocol: 'TCP' }] }] },
  ],
  [
    'an empty selector',
    { podSelector: { matchLabels: {}, matchExpressions: [] } },
    { podSelector: {}, policyTypes: ['Ingress'] },
  ],
  [
    'types in another order',
    { policyTypes: ['Egress', 'Ingress'] },
    { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  ],
])('defaults are no difference: %s', (_, sent, spec) => {
  expect(stored(sent, spec)).not.toThrow();
});

test.each<[string, PolicySpec, PolicySpec | undefined, string]>([
  [
    'a type more',
    { policyTypes: ['Ingress'] },
    { policyTypes: ['Ingress', 'Egress'] },
    'spec.policyTypes.1 is "Egress", sent was null',
  ],
  ['a rule more', {}, { ingress: [{}] }, 'spec.ingress is [{}], sent was null'],
  [
    'another protocol',
    { ingress: [{ ports: [{ port: 53 }] }] },
    { ingress: [{ ports: [{ port: 53, protocol: 'UDP' }] }] },
    'spec.ingress.0.ports.0.protocol is "UDP", sent was "TCP"',
  ],
  [
    'a number that is a name now',
    { ingress: [{ ports: [{ port: 80 }] }] },
    { ingress: [{ ports: [{ port: '80' }] }] },
    'spec.ingress.0.ports.0.port is "80", sent was 80',
  ],
  [
    'another label',
    a,
    { podSelector: { matchLabels: { pod: 'b' } } },
    'spec.podSelector.matchLabels.pod is "b", sent was "a"',
  ],
  ['nobody selected before', a, { podSelector: {} }, 'spec.podSelector.matchLabels is null'],
  [
    'a peer in every namespace',
    { ingress: [{ from: [a] }] },
    { ingress: [{ from: [{ ...a, namespaceSelector: {} }] }] },
    'spec.ingress.0.from.0.namespaceSelector is {}, sent was null',
  ],
  ['no spec at all', { policyTypes: ['Egress'] }, undefined, 'spec.policyTypes.0 is "Ingress"'],
])('what says another thing is told, with the field: %s', (_, sent, spec, text) => {
  expect(stored(sent, spec)).toThrow(
    expect.objectContaining({
      code: 'CHR_WORLD',
      message: expect.stringContaining('NetworkPolicy charter-net-ab12-x/p is stored as another one'),
      hint: expect.stringContaining('A webhook or another controller changes NetworkPolicies'),
    }),
  );
  expect(stored(sent, spec)).toThrow(text);
});

test('labels are stored as sent, also those that were removed; what somebody adds is his', () => {
  const sent = { pod: 'a', gone: null };
  const labels = (there: Readonly<Record<string, string>>) => () =>
    requireStoredLabels('Pod', 'charter-net-ab12-x/a', sent, there);
  expect(labels({ pod: 'a', mesh: 'on' })).not.toThrow();
  expect(labels({ pod: 'b' })).toThrow(
    'Pod charter-net-ab12-x/a is stored as another one than was sent: metadata.labels.pod is "b", sent was "a"',
  );
  expect(labels({ pod: 'a', gone: 'no' })).toThrow('metadata.labels.gone is "no", sent was null');
});

test('a label that somebody adds is refused where a policy selects by its key, wherever in it, and only there', () => {
  const exists = { matchExpressions: [{ key: 'team', operator: 'Exists' as const }] };
  const from = (peer: object): PolicySpec => ({ podSelector: {}, ingress: [{ from: [peer] }] });
  const own = (spec: PolicySpec, there: Readonly<Record<string, string>>) => () =>
    requireOwnLabels(
      [{ metadata, spec }],
      [
        {
          kind: 'Namespace',
          name: 'charter-net-ab12-z',
          declared: { ns: 'z' },
          stored: { ns: 'z', ...there },
        },
      ],
    );
  const added = { team: 'red', 'kubernetes.io/metadata.name': 'charter-net-ab12-z' };
  const named = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'a' } } };
  for (const spec of [
    from({ namespaceSelector: exists }),
    { podSelector: exists },
    { egress: [{ to: [{ podSelector: { matchLabels: { team: 'red' } } }] }] },
  ])
    expect(own(spec, added)).toThrow(
      'Namespace charter-net-ab12-z is stored as another one than was sent: metadata.labels.team is "red", sent was null',
    );
  expect(own(from({ namespaceSelector: exists }), { mesh: 'on' })).not.toThrow();
  expect(own(from(named), added)).not.toThrow();
});
