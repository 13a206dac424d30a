// What is read of manifests, and how a broken one is told: file, document, line.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { peerName } from '../model/peer.ts';
import { parseManifests, readManifests } from './manifests.ts';
import { stableLabels, workloadOf } from './workload.ts';

const shop = join(import.meta.dirname, '../../../fixtures/network/manifests');
const parse = (text: string) => parseManifests([{ name: 'a.yaml', text }]);
const policy = (spec: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: p }\nspec:\n${spec}`;
const told = (text: string): string => {
  try {
    parse(text);
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
};

describe('what is read', () => {
  test('a folder: workloads stand in for their Pods, a List is its items', () => {
    const { pods, policies, namespaces, services } = readManifests([shop]);
    expect(pods.map((pod) => `${peerName(pod)} ${pod.workload}`)).toEqual([
      'shop/web Deployment/web',
      'shop/api Deployment/api',
      'shop/db StatefulSet/db',
      'reports/nightly CronJob/nightly',
    ]);
    expect(policies.map(({ metadata }) => metadata.name)).toEqual(['closed', 'web', 'api', 'db']);
    expect(namespaces).toContainEqual({ name: 'reports', labels: { team: 'reports' } });
    expect(services.map(({ name, clusterIps }) => [name, clusterIps])).toEqual([['db', []]]);
  });

  test('Pods as a cluster prints them; one that has ended is none', () => {
    const items = ['Running', 'Succeeded'].map((phase, index) => ({
      metadata: { name: `p${index}`, namespace: 'x', labels: { a: 'b' } },
      spec: {
        nodeName: 'n1',
        containers: [{ ports: [{ containerPort: 80 }] }],
        initContainers: [
          { restartPolicy: 'Always', ports: [{ containerPort: 53, protocol: 'UDP', name: 'dns' }] },
          { ports: [{ containerPort: 1 }] },
        ],
      },
      status: { phase, podIPs: [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }], hostIP: '172.18.0.2' },
    }));
    const { pods } = parse(JSON.stringify({ apiVersion: 'v1', kind: 'PodList', items }));
    expect(pods).toEqual([
      {
        namespace: 'x',
        name: 'p0',
        labels: { a: 'b' },
        ips: ['10.0.0.1', 'fd00::1'],
        node: 'n1',
        nodeIps: ['172.18.0.2'],
        hostNetwork: false,
        ports: [
          { name: undefined, port: 80, protocol: 'TCP' },
          { name: 'dns', port: 53, protocol: 'UDP' },
        ],
      },
    ]);
  });

  test('null is absent, as the API server has it', () => {
    const { policies } = parse(policy('  podSelector:\n  ingress:\n    - from:\n'));
    expect(policies[0]?.spec).toEqual({ ingress: [{}] });
  });

  test('the namespace of what names none, empty documents, kinds of no interest', () => {
    const text = `---\n---\nkind: ConfigMap\napiVersion: v1\n---\n${policy('  {}')}\n`;
    const state = parseManifests([{ name: 'a.yaml', text }], { namespace: 'team' });
    expect(state.policies.map(({ metadata }) => metadata)).toEqual([{ name: 'p', namespace: 'team' }]);
  });

  test('policies of other engines are named, not passed over in silence', () => {
    const text = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: c, namespace: x }';
    expect(parse(text).notJudged).toEqual(['CiliumNetworkPolicy (cilium.io/v2) x/c']);
  });
});

describe('what is told of a broken one', () => {
  test.each([
    ['no YAML', 'a: [', /^a\.yaml: document 1, line \d+: /],
    ['no object', 'hello: world', /^a\.yaml: document 1, line 1: is no Kubernetes object/],
    [
      'a misspelt field',
      policy('  ingres: []'),
      /^a\.yaml: document 1, line 5: NetworkPolicy p: spec\.ingres is no field/,
    ],
    [
      'a misspelt peer',
      policy('  ingress:\n    - from:\n        - podSelecter: {}'),
      /line 7: .*spec\.ingress\[0\]\.from\[0\]\.podSelecter is no field/,
    ],
    [
      'a text for a number',
      policy('  ingress:\n    - ports:\n        - endPort: "9"'),
      /line 7: .*endPort expected/,
    ],
    [
      'in the second document',
      `${policy('  {}')}\n---\nkind: Pod\napiVersion: v1\nmetadata: { name: q }\n`,
      /document 2, line \d+: Pod q: spec expected object/,
    ],
    [
      'a label without a value, which would mean everybody',
      policy('  podSelector:\n    matchLabels:\n      app:\n'),
      /line 7: NetworkPolicy p: spec\.podSelector\.matchLabels\.app has no value/,
    ],
    [
      'a label of a template without a value',
      'kind: Deployment\napiVersion: apps/v1\nmetadata: { name: d }\nspec: { template: { metadata: { labels: { app: } }, spec: { containers: [] } } }',
      /spec\.template\.metadata\.labels\.app has no value/,
    ],
    [
      'in a List',
      'kind: List\napiVersion: v1\nitems:\n  - kind: Pod\n    apiVersion: v1\n    metadata:\n      name: 7\n',
      /document 1, line 7: Pod: metadata\.name expected string/,
    ],
    [
      'twice',
      `${policy('  {}')}\n---\n${policy('  {}')}`,
      /document 2, line \d+: .*NetworkPolicy default\/p is declared twice/,
    ],
  ])('%s', (_, text, expected) => expect(told(text)).toMatch(expected));

  test('all at once, with the code', () => {
    const text = `${policy('  ingres: []')}\n---\nhello: world`;
    expect(told(text).split('\n')).toHaveLength(2);
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'CHR_MANIFEST_INVALID' }));
    expect(() => readManifests([join(shop, 'absent.yaml')])).toThrow(/absent\.yaml: cannot be read/);
  });
});

test('a Pod’s workload is read from its owner', () => {
  const owner = (kind: string, owned: string, name = 'p') => ({
    name,
    ownerReferences: [{ kind, name: owned, controller: true }],
  });
  expect(workloadOf({ labels: { 'pod-template-hash': 'abc' }, ...owner('ReplicaSet', 'web-abc') })).toBe(
    'Deployment/web',
  );
  expect(workloadOf(owner('ReplicaSet', 'web-abc'))).toBe('ReplicaSet/web-abc');
  expect(workloadOf(owner('Job', 'nightly-29301240'))).toBe('CronJob/nightly');
  expect(workloadOf(owner('Job', 'once'))).toBe('Job/once');
  expect(workloadOf({ name: 'p' })).toBeUndefined();
  expect(workloadOf(owner('Node', 'n1', 'etcd-n1'))).toBe('StaticPod/etcd');
  expect(stableLabels({ app: 'web', 'pod-template-hash': 'abc' })).toEqual({ app: 'web' });
});
