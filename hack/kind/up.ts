// Brings clusters up side by side, or finds them up. The Docker network first: kind races for it when clusters start together.
import { writeFileSync } from 'node:fs';
import { action } from './action.ts';
import { kubectl, tool } from './binaries.ts';
import { attempt, run } from './command.ts';
import { create, type Making, network, readyFile } from './create.ts';
import { type Cluster, controlPlaneOf, kindName, nodeNamesOf } from './declaration.ts';
import { nodeImage } from './node-image/index.ts';
import { inState, label } from './paths.ts';

export interface RunningCluster extends Cluster {
  /** For this host. */
  readonly kubeconfig: string;
  /** For Pods of other clusters: names the node's address on the Docker network. */
  readonly internalKubeconfig: string;
  readonly nodeNames: readonly string[];
  /** `found` when it ran already. */
  readonly was: 'created' | 'found';
}

export async function up(clusters: readonly Cluster[]): Promise<readonly RunningCluster[]> {
  const found = await Promise.all(clusters.map(({ name }) => isWhole(name)));
  const image = await imageFor(clusters, found);
  await kubectl(image);
  await ensureNetwork(network);
  const kind = await tool('kind');
  return Promise.all(
    clusters.map((cluster, index) =>
      upOne(cluster, { kind, image, was: found[index] ? 'found' : 'created' }),
    ),
  );
}

/** Where all clusters are there, that of their nodes: nobody is asked for another. */
async function imageFor(clusters: readonly Cluster[], found: readonly boolean[]): Promise<string> {
  const [first] = clusters;
  if (first === undefined || !found.every(Boolean)) return (await nodeImage()).image;
  return run(['docker', 'inspect', '--format', '{{.Config.Image}}', controlPlaneOf(first.name)]);
}

export async function ensureNetwork(name: string): Promise<void> {
  const there = await attempt(['docker', 'network', 'inspect', name]);
  if (there.code !== 0) await run(['docker', 'network', 'create', '--label', `${label}=network`, name]);
}

async function upOne(
  cluster: Cluster,
  { kind, image, was }: Making & Pick<RunningCluster, 'was'>,
): Promise<RunningCluster> {
  if (was === 'found') await answersAtLast(cluster.name);
  else await action(`create cluster ${cluster.name}`, () => create(cluster, { kind, image }));
  const kubeconfig = inState(`${cluster.name}.kubeconfig`);
  const internalKubeconfig = inState(`${cluster.name}.internal.kubeconfig`);
  const external = await run([kind, 'get', 'kubeconfig', '--name', kindName(cluster.name)]);
  writeFileSync(kubeconfig, external, { mode: 0o600 });
  const address = await run([
    ...['docker', 'inspect', '--format'],
    ...[`{{(index .NetworkSettings.Networks "${network}").IPAddress}}`, controlPlaneOf(cluster.name)],
  ]);
  const internal = external.replace(/server: .*/, `server: https://${address}:6443`);
  writeFileSync(internalKubeconfig, internal, { mode: 0o600 });
  const nodeNames = nodeNamesOf(cluster);
  return { ...cluster, kubeconfig, internalKubeconfig, nodeNames, was };
}

/** Whether a creation of it ended well. */
export async function isWhole(name: string): Promise<boolean> {
  return (await attempt(['docker', 'exec', controlPlaneOf(name), 'test', '-e', readyFile])).code === 0;
}

/** Whether it is whole and its API server answers within 5 s. */
export async function isReady(name: string): Promise<boolean> {
  const ask = ['kubectl', '--kubeconfig', '/etc/kubernetes/admin.conf', 'get', '--raw', '/readyz'];
  const asked = await attempt(['docker', 'exec', controlPlaneOf(name), ...ask], {
    timeoutMs: 5_000,
  });
  return asked.code === 0 && (await isWhole(name));
}

/** A busy machine is no reason to throw a cluster away. */
async function answersAtLast(name: string): Promise<void> {
  for (let tries = 0; tries < 12; tries += 1) if (await isReady(name)) return;
  throw new Error(
    `cluster ${name} is there, but its API server does not answer: make kind-down CLUSTERS=${name}`,
  );
}
