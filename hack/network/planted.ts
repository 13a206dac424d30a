// Ways to break the policy engine of a kind cluster from outside, each with its way back. `mend` undoes all of them, also those of a
// check that was killed.
import { kubectl } from '../kind/binaries.ts';
import { attempt, run } from '../kind/command.ts';
import type { NetworkScene } from './scene.ts';

export type Mend = () => Promise<void>;

const engine = 'daemonset/kube-router';
const engineLabel = 'k8s-app=kube-router';
/** No node has it. */
const dns = 'deployment/coredns';
const dnsLabel = 'k8s-app=kube-dns';
/** As many as kind starts. */
const dnsReplicas = 2;
const nowhere = 'charter-runner.planted';
const comment = ['-m', 'comment', '--comment', 'charter-planted'];
/** Whether packets between two Pods of a node, which only cross its bridge, pass its rules. */
const bridged = 'net.bridge.bridge-nf-call-iptables';

/** On every node: the engine's Pods are gone, and what it had programmed is passed by. */
export async function stopEngine(scene: NetworkScene): Promise<Mend> {
  await selectNodes(scene, { [nowhere]: 'stopped' });
  await onCluster(scene, 'wait', '--for=delete', 'pod', '--selector', engineLabel, '--timeout=120s');
  for (const node of scene.nodes) {
    await onNode(node, 'iptables', '-w', '-I', 'FORWARD', '1', ...comment, '-j', 'ACCEPT');
  }
  return () => mend(scene);
}

/** A node without br_netfilter: its Pods reach each other past every rule, and the engine does not notice. */
export async function bridgePast(scene: NetworkScene, node: string): Promise<Mend> {
  await onNode(node, 'sysctl', '-q', '-w', `${bridged}=0`);
  return () => mend(scene);
}

/** Packets from any of `sources` to `to` vanish, on every node and before the engine's rules. All are addresses. */
export async function swallow(scene: NetworkScene, sources: readonly string[], to: string): Promise<Mend> {
  for (const node of scene.nodes) {
    for (const from of sources) {
      const rule = ['-s', from, '-d', to, ...comment, '-j', 'DROP'];
      await onNode(node, 'iptables', '-w', '-t', 'raw', '-I', 'PREROUTING', ...rule);
    }
  }
  return () => mend(scene);
}

/** The cluster has no DNS Pod. Those that come back have other addresses. */
export async function stopDns(scene: NetworkScene): Promise<Mend> {
  await onCluster(scene, 'scale', dns, '--replicas=0');
  await onCluster(scene, 'wait', '--for=delete', 'pod', '--selector', dnsLabel, '--timeout=120s');
  return () => mend(scene);
}

/** Ends at once. Another one of the same name and spec takes its place, with another UID and address. */
export async function replacePod(scene: NetworkScene, namespace: string, name: string): Promise<void> {
  const text = await onCluster(scene, 'get', 'pod', name, '--namespace', namespace, '--output', 'json');
  const { metadata, spec } = JSON.parse(text) as {
    metadata: { labels: object; annotations: object };
    spec: object;
  };
  await removePod(scene, namespace, name);
  const { labels, annotations } = metadata;
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels, annotations }, spec };
  await create(scene, pod);
  await onCluster(
    scene,
    'wait',
    '--for=condition=Ready',
    `pod/${name}`,
    '--namespace',
    namespace,
    '--timeout=60s',
  );
}

export async function removePod(scene: NetworkScene, namespace: string, name: string): Promise<void> {
  await onCluster(
    scene,
    'delete',
    'pod',
    name,
    '--namespace',
    namespace,
    '--grace-period=1',
    '--timeout=60s',
  );
}

/** All policies of a namespace are in another one, as if somebody had mistaken it. What was there comes back. */
export async function movePolicies(scene: NetworkScene, from: string, to: string): Promise<Mend> {
  const text = await onCluster(scene, 'get', 'networkpolicies', '--namespace', from, '--output', 'json');
  const { items } = JSON.parse(text) as { items: { metadata: { name: string }; spec: object }[] };
  const put = async (namespace: string) => {
    for (const { metadata, spec } of items) {
      const identity = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' };
      await create(scene, { ...identity, metadata: { name: metadata.name, namespace }, spec });
    }
  };
  const remove = (namespace: string) =>
    onCluster(scene, 'delete', 'networkpolicies', '--all', '--namespace', namespace);
  await remove(from);
  await put(to);
  return async () => {
    await remove(to);
    await put(from);
  };
}
/** Nothing that this file planted is left, and the engine runs on every node. */
export async function mend(scene: NetworkScene): Promise<void> {
  for (const node of scene.nodes) {
    await onNode(node, 'sysctl', '-q', '-w', `${bridged}=1`);
    for (const table of ['raw', 'filter']) await removePlanted(node, table);
  }
  await selectNodes(scene, { [nowhere]: null });
  await onCluster(scene, 'scale', dns, `--replicas=${dnsReplicas}`);
  for (const one of [engine, dns]) await onCluster(scene, 'rollout', 'status', one, '--timeout=180s');
}

/** One rule after the other: writing a whole table back would undo what the engine writes meanwhile. */
async function removePlanted(node: string, table: string): Promise<void> {
  const { stdout } = await attempt(['docker', 'exec', node, 'iptables-save', '-t', table]);
  for (const line of stdout.split('\n').filter((one) => one.includes('charter-planted'))) {
    const [, ...rule] = line.trim().split(' ');
    await onNode(node, 'iptables', '-w', '-t', table, '-D', ...rule);
  }
}

async function selectNodes(
  scene: NetworkScene,
  nodeSelector: Readonly<Record<string, string | null>>,
): Promise<void> {
  const patch = JSON.stringify({ spec: { template: { spec: { nodeSelector } } } });
  await onCluster(scene, 'patch', engine, '--type', 'merge', '--patch', patch);
}

async function onCluster({ kubeconfig }: NetworkScene, ...words: readonly string[]): Promise<string> {
  return run([await kubectl(), '--kubeconfig', kubeconfig, '--namespace', 'kube-system', ...words]);
}

async function create({ kubeconfig }: NetworkScene, object: object): Promise<void> {
  const words = [await kubectl(), '--kubeconfig', kubeconfig, 'create', '--filename', '-'];
  await run(words, { input: JSON.stringify(object) });
}

async function onNode(node: string, ...words: readonly string[]): Promise<string> {
  return run(['docker', 'exec', node, ...words]);
}
