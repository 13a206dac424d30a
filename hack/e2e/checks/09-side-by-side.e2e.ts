// Clusters of one file come up side by side, as it declares them, and a Pod of one reaches the API server of the other.
import { readFileSync, statSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../kind/command.ts';
import { readyFile } from '../../kind/create.ts';
import { controlPlaneOf } from '../../kind/declaration.ts';
import { down } from '../../kind/down.ts';
import { inState } from '../../kind/paths.ts';
import { requireFitHost } from '../../kind/preflight.ts';
import { type RunningCluster, up } from '../../kind/up.ts';
import { eventually } from '../eventually.ts';
import { Kube, type KubeObject, namespace } from '../kube.ts';
import { type OwnClusters, ownClusters } from '../own-clusters.ts';

const region = 'topology.kubernetes.io/region';
let own: OwnClusters;
let left: RunningCluster;
let right: RunningCluster;
beforeAll(async () => {
  own = ownClusters(
    {
      name: 'beside-left',
      role: 'remote',
      nodes: 2,
      labels: { [region]: 'left', 'example.com/disk': 'fast' },
    },
    { name: 'beside-right', role: 'remote', labels: { [region]: 'right' } },
  );
  await down(own.clusters);
  await requireFitHost({ clusters: own.clusters, tools: ['kind'] });
  [left, right] = (await up(own.clusters)) as [RunningCluster, RunningCluster];
});
afterAll(() => own.remove());

/** Milliseconds of the epoch: when its first node was started, and when it was whole. */
async function making({ name }: RunningCluster): Promise<{ readonly from: number; readonly to: number }> {
  const node = controlPlaneOf(name);
  const from = await run(['docker', 'inspect', '--format', '{{.State.StartedAt}}', node]);
  const to = await run(['docker', 'exec', node, 'stat', '--format', '%.3Y', readyFile]);
  return { from: Date.parse(from), to: Number(to) * 1_000 };
}

test('the second cluster was begun before the first was whole', async () => {
  const [one, other] = await Promise.all([making(left), making(right)]);
  expect(Math.max(one.from, other.from)).toBeLessThan(Math.min(one.to, other.to));
});

interface Node {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
}

test('each has a kubeconfig of its own under .kind, which shows this host the declared nodes with their labels', async () => {
  for (const { name, kubeconfig, nodeNames, labels } of [left, right]) {
    expect(kubeconfig).toBe(inState(`${name}.kubeconfig`));
    expect(statSync(kubeconfig).mode & 0o777).toBe(0o600);
    const { items } = await (await Kube.of(kubeconfig)).json<{ items: readonly Node[] }>('get', 'nodes');
    expect(items.map(({ metadata }) => metadata.name).toSorted()).toEqual([...nodeNames].toSorted());
    for (const { metadata } of items) expect(metadata.labels, metadata.name).toMatchObject(labels);
  }
});

/** What kubectl prints in a Pod of that cluster, with this kubeconfig: the program is the node's own, on an image that every node has. */
async function inPodOf({ kubeconfig }: RunningCluster, given: string, ...words: string[]): Promise<string> {
  const kube = await Kube.of(kubeconfig);
  const ofServer = ['--namespace=kube-system', '--selector=component=kube-apiserver'];
  const { items } = await kube.json<{
    items: readonly { spec: { containers: [{ image: string }] } }[];
  }>('get', 'pods', ...ofServer);
  const object = (kind: string, name: string, rest: object): KubeObject =>
    ({ apiVersion: 'v1', kind, metadata: { name }, ...rest }) as KubeObject;
  await kube.apply([object('Namespace', namespace, {})]);
  await kube.text('wait', '--for=create', 'serviceaccount/default', '--timeout=30s');
  const container = {
    ...{ name: 'kubectl', image: items[0]?.spec.containers[0].image, imagePullPolicy: 'Never' },
    command: ['/kubectl', '--kubeconfig=/given/kubeconfig', '--request-timeout=10s', ...words],
    volumeMounts: ['kubectl', 'given'].map((name) => ({ name, mountPath: `/${name}`, readOnly: true })),
  };
  await kube.apply([
    object('Secret', 'given', { stringData: { kubeconfig: readFileSync(given, 'utf8') } }),
    object('Pod', 'asks', {
      spec: {
        containers: [container],
        restartPolicy: 'Never',
        volumes: [
          { name: 'kubectl', hostPath: { path: '/usr/bin/kubectl', type: 'File' } },
          { name: 'given', secret: { secretName: 'given' } },
        ],
      },
    }),
  ]);
  await eventually('the Pod has ended', { within: 30 }, async () => {
    const phase = await kube.text('get', 'pod', 'asks', '--output=jsonpath={.status.phase}');
    return phase === 'Succeeded' || phase === 'Failed' ? {} : phase;
  });
  return kube.text('logs', 'asks');
}

test('a Pod of either reaches the other by its internal kubeconfig', async () => {
  const reach = async (from: RunningCluster, { internalKubeconfig, nodeNames }: RunningCluster) => {
    const seen = await inPodOf(from, internalKubeconfig, 'get', 'nodes', '--output=name');
    expect(seen.split('\n').toSorted()).toEqual(nodeNames.map((name) => `node/${name}`).toSorted());
  };
  await Promise.all([reach(left, right), reach(right, left)]);
});
