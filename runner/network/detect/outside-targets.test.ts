// Where the DNS Pod shares its node's network, engines see the Pod or only the node: no step is judged by what one of them sees.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { answerJson, scriptedServer } from '../../kube/testing/index.ts';
import { expectedCells } from '../world/expectation.ts';
import { outsideTargets } from './outside-targets.ts';

const labels = { 'k8s-app': 'kube-dns' };

async function dnsOf(spec: object, podIP: string) {
  const pod = {
    metadata: { name: 'dns', namespace: 'kube-system', labels },
    spec,
    status: { podIP, hostIPs: [{ ip: '172.18.0.2' }], conditions: [{ type: 'Ready', status: 'True' }] },
  };
  const slice = {
    metadata: { labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['172.18.0.3'] }],
    ports: [{ name: 'https', port: 6443 }],
  };
  const server = await scriptedServer(({ url = '' }, response) => {
    const items = url.includes('/pods') ? [pod] : [slice];
    const isNamespace = /namespaces\/kube-system(\?|$)/.test(url);
    answerJson(
      response,
      200,
      isNamespace ? { metadata: { name: 'kube-system' } } : { metadata: { resourceVersion: '1' }, items },
    );
  });
  const folder = mkdtempSync(join(tmpdir(), 'charter-outside-'));
  onTestFinished(async () => {
    rmSync(folder, { recursive: true });
    await server[Symbol.asyncDispose]();
  });
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, server.kubeconfig);
  const { targets } = await outsideTargets({ kubeconfig });
  return targets.filter(({ kind }) => kind === 'dns');
}

/** What is expected of a Pod on each of two nodes that may reach nothing but Pods of that label. */
function expectedOf(outside: Awaited<ReturnType<typeof dnsOf>>): readonly string[] {
  const pods = ['n1', 'n2'].map((node, index) => ({
    ...{ id: `x/${node}`, uid: node, address: `10.0.0.${index}`, ports: [] },
    info: {
      ...{ namespace: 'x', name: node, labels: {}, ips: [`10.0.0.${index}`], ports: [] },
      ...{ node, nodeIps: [`172.18.0.${index + 2}`] },
    },
  }));
  const to = [{ namespaceSelector: {}, podSelector: { matchLabels: labels } }];
  const policies = [
    {
      metadata: { name: 'p', namespace: 'x' },
      spec: { podSelector: {}, policyTypes: ['Egress' as const], egress: [{ to }] },
    },
  ];
  const namespaces = [{ name: 'x', labels: {} }];
  const cells = expectedCells({ policies, namespaces, pods, outside, signals: 'any' });
  return cells.map(({ from, expected, model }) => `${from} ${expected} ${model.notes.join()}`.trim());
}

test('a DNS Pod with an address of its own is a Pod like others', async () => {
  const targets = await dnsOf({ nodeName: 'n1' }, '10.244.0.2');
  expect(expectedOf(targets)).toEqual(Array(2).fill('x/n1 allowed').concat(Array(2).fill('x/n2 allowed')));
});

test('a DNS Pod in the host’s network is judged nowhere: it is the node’s, or seen as a Pod or as the node', async () => {
  const targets = await dnsOf({ nodeName: 'n1', hostNetwork: true }, '172.18.0.2');
  expect(targets[0]?.pod).toMatchObject({ node: 'n1', nodeIps: ['172.18.0.2'], hostNetwork: true });
  const own = 'x/n1 implementation-defined own-node';
  const other = 'x/n2 implementation-defined host-network';
  expect(expectedOf(targets)).toEqual([own, own, other, other]);
});
