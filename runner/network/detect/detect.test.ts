// The networks people run, by what their installations leave in a cluster.
import { describe, expect, test } from 'vitest';
import { detectNetwork } from './detect.ts';
import type { Agent, ClusterFacts } from './facts.ts';
import { hasFlag, imageIs } from './signs.ts';

const agent = (
  name: string,
  images: readonly string[],
  more: Partial<Agent> & { args?: readonly string[] } = {},
): Agent => {
  const { args = [], ...rest } = more;
  return {
    ...{ kind: 'DaemonSet', namespace: 'kube-system', name, wanted: 2, ready: 2 },
    containers: images.map((image, index) => ({ name: `c${index}`, image, args })),
    ...rest,
  };
};
const cluster = (agents: readonly Agent[], more: Partial<ClusterFacts> = {}): ClusterFacts => ({
  ...{ crds: [], nodes: [{ name: 'n1', kubeletVersion: 'v1.34.4' }] },
  agents,
  ...more,
});
const proxy = agent('kube-proxy', ['registry.k8s.io/kube-proxy:v1.34.4']);

test.each([
  [
    'calico',
    'calico',
    'calico',
    [agent('calico-node', ['docker.io/calico/node:v3.30.0'], { namespace: 'calico-system' })],
  ],
  [
    'canal',
    'flannel',
    'calico',
    [
      agent('canal', ['calico/node:v3', 'flannel/flannel:v0.27']),
      agent('kube-flannel-ds', ['flannel/flannel:v0.27']),
    ],
  ],
  ['cilium', 'cilium', 'cilium', [agent('cilium', ['quay.io/cilium/cilium:v1.18.0@sha256:00'])]],
  ['antrea', 'antrea', 'antrea', [agent('antrea-agent', ['antrea/antrea-agent-ubuntu:v2.4'])]],
  [
    'kube-router',
    'kube-router',
    'kube-router',
    [agent('kube-router', ['kube-router:v2'], { args: ['--run-router=true', '--run-firewall=true'] })],
  ],
  [
    'kube-router without its firewall',
    'kube-router',
    'none',
    [agent('kube-router', ['kube-router:v2'], { args: ['--run-firewall=false'] })],
  ],
  [
    'kube-router beside flannel',
    'flannel',
    'kube-router',
    [
      agent('kube-flannel-ds', ['flannel:v1']),
      agent('kube-router', ['kube-router:v2'], { args: ['--run-router=false'] }),
    ],
  ],
  [
    'weave',
    'weave',
    'weave',
    [agent('weave-net', ['weaveworks/weave-kube:2.8', 'weaveworks/weave-npc:2.8'])],
  ],
  ['weave without npc', 'weave', 'none', [agent('weave-net', ['weaveworks/weave-kube:2.8'])]],
  [
    'kindnet of today',
    'kindnet',
    'kindnet',
    [agent('kindnet', ['docker.io/kindest/kindnetd:v20250512-df8de77b'])],
  ],
  [
    'kindnet of 2023',
    'kindnet',
    'none',
    [agent('kindnet', ['docker.io/kindest/kindnetd:v20230511-dc714da8'])],
  ],
  ['OVN', 'ovn', 'ovn', [agent('ovnkube-node', ['ovn-kube-u:master'], { namespace: 'ovn-kubernetes' })]],
  ['Kube-OVN', 'ovn', 'ovn', [agent('kube-ovn-cni', ['kubeovn/kube-ovn:v1.14'])]],
  [
    'flannel',
    'flannel',
    'none',
    [agent('kube-flannel-ds', ['flannel/flannel:v0.27'], { namespace: 'kube-flannel' })],
  ],
  [
    'an agent under another name',
    'cilium',
    'cilium',
    [agent('net-agent', ['mirror.local:5000/quay/cilium/cilium:v1'])],
  ],
  ['nothing known', 'unknown', 'unknown', []],
] as const)('%s', (_name, cni, policyEngine, agents) => {
  const seen = detectNetwork(cluster([proxy, ...agents]));
  expect([seen.cni, seen.policyEngine]).toEqual([cni, policyEngine]);
  expect(seen.evidence).toHaveLength(agents.length);
  expect(seen.doubts).toHaveLength(agents.length === 0 ? 1 : 0);
});

describe('what is odd is said', () => {
  const router = agent('kube-router', ['kube-router:v2']);

  test('definitions that an uninstalled network left are no network', () => {
    const seen = detectNetwork(
      cluster([router], { crds: ['ciliumnetworkpolicies.cilium.io', 'x.example.org'] }),
    );
    expect(seen.policyEngine).toBe('kube-router');
    expect(seen.doubts).toEqual([expect.stringContaining('cilium has resource definitions and no agent')]);
    expect(seen.evidence.map(({ means }) => means)).toContain('cilium was installed once');
  });

  test('two networks that both enforce', () => {
    const seen = detectNetwork(cluster([router, agent('cilium', ['cilium/cilium:v1'])]));
    expect(seen.doubts).toEqual([
      'several networks enforce policies: kube-router, cilium',
      'several networks carry Pod traffic: kube-router, cilium',
    ]);
  });

  test('a node without its agent', () => {
    const seen = detectNetwork(cluster([{ ...router, ready: 1 }]));
    expect(seen.doubts).toEqual([
      'kube-system/kube-router: 1 of 2 ready, so nodes may be without enforcement',
    ]);
  });

  test('an agent that is scaled to nothing runs nowhere', () => {
    expect(detectNetwork(cluster([{ ...router, wanted: 0, ready: 0 }])).policyEngine).toBe('unknown');
  });

  test('definitions that may not be read', () => {
    expect(detectNetwork(cluster([router], { crds: undefined })).doubts).toHaveLength(1);
  });

  test('k3s has its engine inside', () => {
    const seen = detectNetwork(cluster([], { nodes: [{ name: 'n1', kubeletVersion: 'v1.34.1+k3s1' }] }));
    expect([seen.cni, seen.policyEngine, seen.doubts]).toEqual(['flannel', 'kube-router', []]);
  });
});

test.each([
  ['cilium/cilium', 'cilium/cilium', true],
  ['quay.io/cilium/cilium:v1@sha256:ab', 'cilium/cilium', true],
  ['host:5000/kube-router', 'kube-router', true],
  ['quay.io/cilium/operator-generic:v1', 'cilium/cilium', false],
  ['not-kube-router:v1', 'kube-router', false],
])('%s is %s: %s', (image, name, is) => {
  expect(imageIs(image, name)).toBe(is);
});

test.each([
  [['--run-firewall=false'], true],
  [['--run-firewall', 'false'], true],
  [['--run-firewall'], false],
  [['--run-firewall', '--other', 'false'], false],
  [[], false],
])('%j switches the firewall off: %s', (args, off) => {
  expect(hasFlag([{ name: 'c', image: 'i', args }], '--run-firewall', 'false')).toBe(off);
});
