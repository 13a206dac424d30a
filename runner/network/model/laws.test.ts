// Laws of NetworkPolicy that hold for every set of policies, tried on generated ones.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellKey, peerName } from './peer.ts';
import { reachability } from './reachability.ts';
import type { Matrix, NamespaceInfo, NetworkPolicy, PodInfo, PolicyPeer, PolicyPort } from './types.ts';

const labelKeys = ['app', 'tier'] as const;
const labelValues = ['red', 'blue'] as const;
const labels = fc.dictionary(fc.constantFrom(...labelKeys), fc.constantFrom(...labelValues), {
  maxKeys: 2,
  noNullPrototype: true,
});

const namespaces: readonly NamespaceInfo[] = [
  { name: 'x', labels: { app: 'red' } },
  { name: 'y', labels: { app: 'blue', tier: 'red' } },
];
const world = fc
  .array(labels, { minLength: 4, maxLength: 4 })
  .map((given) => given.map((own, index) => podOf(index, own)));

function podOf(index: number, own: Record<string, string>): PodInfo {
  return {
    namespace: index % 2 === 0 ? 'x' : 'y',
    name: `p${index}`,
    labels: own,
    ips: [`10.0.${index}.1`],
    ports: [{ name: 'web', port: 80 + (index % 2), protocol: 'TCP' }],
  };
}

const selector = fc.oneof(
  fc.record({ matchLabels: labels }),
  fc.record({
    matchExpressions: fc.array(
      fc.oneof(
        fc.record({
          key: fc.constantFrom(...labelKeys),
          operator: fc.constantFrom('In' as const, 'NotIn' as const),
          values: fc.array(fc.constantFrom(...labelValues), { minLength: 1, maxLength: 2 }),
        }),
        fc.record({
          key: fc.constantFrom(...labelKeys),
          operator: fc.constantFrom('Exists' as const, 'DoesNotExist' as const),
        }),
      ),
      { maxLength: 2 },
    ),
  }),
);
const peer: fc.Arbitrary<PolicyPeer> = fc.oneof(
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector: selector }),
  fc.record({ podSelector: selector, namespaceSelector: selector }),
  fc.record({
    ipBlock: fc.constantFrom({ cidr: '10.0.0.0/16', except: ['10.0.1.0/24'] }, { cidr: '203.0.113.0/24' }),
  }),
);
const port: fc.Arbitrary<PolicyPort> = fc.constantFrom(
  { port: 80 },
  { port: 'web' },
  { port: 79, endPort: 81 },
  { protocol: 'UDP' },
  {},
);
const list = <T>(item: fc.Arbitrary<T>) => fc.option(fc.array(item, { maxLength: 2 }), { nil: undefined });
const rule = (peers: 'from' | 'to') => fc.record({ [peers]: list(peer), ports: list(port) });
const spec = fc.record({
  podSelector: selector,
  policyTypes: fc.constantFrom(
    undefined,
    ['Ingress' as const],
    ['Egress' as const],
    ['Ingress' as const, 'Egress' as const],
  ),
  ingress: list(rule('from')),
  egress: list(rule('to')),
});
const policies: fc.Arbitrary<NetworkPolicy[]> = fc
  .array(fc.record({ namespace: fc.constantFrom('x', 'y'), spec }), { maxLength: 4 })
  .map((all) =>
    all.map(({ namespace, spec: own }, index) => ({ metadata: { name: `n${index}`, namespace }, spec: own })),
  );

const ports = [
  { port: 80, protocol: 'TCP' },
  { port: 81, protocol: 'TCP' },
  { port: 80, protocol: 'UDP' },
] as const;
const outside = { ip: '203.0.113.7' };
const matrixOf = (pods: readonly PodInfo[], given: readonly NetworkPolicy[]): Matrix =>
  reachability(given, namespaces, pods, ports, [outside]);
const verdicts = (matrix: Matrix) => matrix.cells.map((cell) => `${cellKey(cell)} ${cell.verdict}`);
const allowed = (matrix: Matrix) =>
  new Set(matrix.cells.filter(({ verdict }) => verdict === 'allowed').map(cellKey));

/** Enough runs to find each planted fault (docs/network-model.md names them), few enough for a busy machine. */
const runs = { numRuns: 60 };
const law = (title: string, holds: (pods: PodInfo[], given: NetworkPolicy[], pick: number) => void) =>
  test(title, () => fc.assert(fc.property(world, policies, fc.nat(), holds), runs));

law('adding a rule never takes reachability away', (pods, given, pick) => {
  const chosen = given[pick % Math.max(given.length, 1)];
  fc.pre(chosen !== undefined);
  const before = allowed(matrixOf(pods, given));
  for (const direction of ['ingress', 'egress'] as const) {
    // A first egress rule makes a policy without types isolate in egress: the types are written out before the rule is added.
    const policyTypes =
      chosen.spec.policyTypes ??
      ((chosen.spec.egress ?? []).length > 0
        ? ['Ingress' as const, 'Egress' as const]
        : ['Ingress' as const]);
    const more = {
      ...chosen,
      spec: {
        ...chosen.spec,
        policyTypes,
        [direction]: [...(chosen.spec[direction] ?? []), { ports: [{ port: 81 }] }],
      },
    };
    const after = allowed(
      matrixOf(
        pods,
        given.map((one) => (one === chosen ? more : one)),
      ),
    );
    expect([...before].filter((key) => !after.has(key))).toEqual([]);
  }
});

law('the order of policies, rules, peers and ports does not matter', (pods, given) => {
  const reversed = given.toReversed().map((policy) => ({
    ...policy,
    spec: {
      ...policy.spec,
      ingress: policy.spec.ingress
        ?.toReversed()
        .map((one) => ({ from: one.from?.toReversed(), ports: one.ports?.toReversed() })),
      egress: policy.spec.egress
        ?.toReversed()
        .map((one) => ({ to: one.to?.toReversed(), ports: one.ports?.toReversed() })),
    },
  }));
  expect(verdicts(matrixOf(pods, reversed))).toEqual(verdicts(matrixOf(pods, given)));
});

law('a policy of another namespace changes nothing between the Pods of this one', (pods, given) => {
  const here = (matrix: Matrix) =>
    matrix.cells
      .filter(({ from, to }) => [from, to].every((end) => peerName(end).startsWith('x/')))
      .map((cell) => `${cellKey(cell)} ${cell.verdict}`);
  const own = given.filter(({ metadata }) => metadata.namespace === 'x');
  expect(here(matrixOf(pods, given))).toEqual(here(matrixOf(pods, own)));
});

law('what one side allows is the union of what each of its policies allows', (pods, given) => {
  const together = matrixOf(pods, given);
  const apart = given.map((policy) => matrixOf(pods, [policy]));
  for (const [index, { ingress, notes }] of together.cells.entries()) {
    if (notes.includes('self')) continue;
    const sides = apart.map((matrix) => matrix.cells[index]?.ingress.kind);
    const union = sides.includes('allowed-by-rule') || !sides.includes('isolated');
    expect(ingress.kind !== 'isolated').toBe(union);
  }
});

law('a policy twice is a policy once', (pods, given) => {
  const twice = given.flatMap((one) => [
    one,
    { ...one, metadata: { ...one.metadata, name: `${one.metadata.name}-again` } },
  ]);
  expect(verdicts(matrixOf(pods, twice))).toEqual(verdicts(matrixOf(pods, given)));
});

law(
  'deleting the only policy opens everything, a policy that selects nobody closes nothing',
  (pods, [first]) => {
    const open = verdicts(matrixOf(pods, []));
    expect(open.every((line) => line.endsWith(' allowed'))).toBe(true);
    fc.pre(first !== undefined);
    const nobody = { ...first, spec: { ...first.spec, podSelector: { matchLabels: { app: 'none' } } } };
    expect(verdicts(matrixOf(pods, [nobody]))).toEqual(open);
  },
);

law('a label that no selector names changes nothing', (pods, given) => {
  const relabelled = pods.map((pod, index) => ({ ...pod, labels: { ...pod.labels, version: `v${index}` } }));
  expect(verdicts(matrixOf(relabelled, given))).toEqual(verdicts(matrixOf(pods, given)));
});

law('a denied cell names who isolates, an allowed one the rule or that nobody does', (pods, given) => {
  for (const { verdict, ingress, egress } of matrixOf(pods, given).cells) {
    const isolating = [ingress, egress].filter((side) => side.kind === 'isolated');
    expect(isolating.length > 0).toBe(verdict === 'denied');
    for (const { selectedBy } of isolating) expect(selectedBy.length).toBeGreaterThan(0);
    for (const side of [ingress, egress])
      if (side.kind === 'allowed-by-rule') expect(side.rules.length).toBeGreaterThan(0);
  }
});

law('a default deny for both directions leaves a Pod only itself', (pods, given) => {
  const denied = given.map((one) => ({ ...one, spec: { ...one.spec, ingress: [], egress: [] } }));
  const all = ['x', 'y'].map((namespace) => ({
    metadata: { name: 'all', namespace },
    spec: { podSelector: {}, policyTypes: ['Ingress' as const, 'Egress' as const] },
  }));
  const left = matrixOf(pods, [...denied, ...all]).cells.filter(({ verdict }) => verdict === 'allowed');
  expect(left.every(({ notes }) => notes.includes('self'))).toBe(true);
  expect(left).toHaveLength(pods.length * ports.length);
});
