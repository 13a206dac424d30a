// Makes one cluster with kind. The nodes of one that fails are looked at, and go: the next making starts clean.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { explain, remark } from './action.ts';
import { auditing } from './audit.ts';
import { askInTime, edgesOfHost } from './collect-ask.ts';
import { keeper } from './collect-keep.ts';
import { collectNode } from './collect-node.ts';
import { attempt, run } from './command.ts';
import { type Cluster, controlPlaneOf, kindName } from './declaration.ts';
import { failureFolder } from './failure-folder.ts';
import { listed, nodeLabel } from './idle.ts';
import { whyRemoved } from './remains.ts';
import { temporaryFolder } from './temporary.ts';

export const network = 'charter-kind';
/** Touched in the control plane when a cluster is whole. In memory: nodes that were restarted may have changed their addresses. */
export const readyFile = '/run/charter-ready';

export interface Making {
  /** Path of the program. */
  readonly kind: string;
  readonly image: string;
  /** Makes the folder for what the nodes of a failed making say. */
  readonly failures?: () => string;
}

export async function create(
  cluster: Cluster,
  { kind, image, failures = failureFolder }: Making,
): Promise<void> {
  const name = kindName(cluster.name);
  const folder = temporaryFolder(`up-${cluster.name}`);
  const remove = [kind, 'delete', 'cluster', '--name', name, '--kubeconfig', join(folder, 'unused')];
  try {
    const why = await whyRemoved(cluster);
    if (why !== undefined) remark(why);
    await run(remove);
    try {
      await make(cluster, { kind, image, folder });
    } catch (error) {
      await lookAtNodes(cluster, failures);
      if ((await attempt(remove, { timeoutMs: 60_000 })).code !== 0)
        remark(`nodes of cluster ${cluster.name} may be left: make kind-down CLUSTERS=${cluster.name}`);
      throw error;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function make(
  cluster: Cluster,
  { kind, image, folder }: Making & { readonly folder: string },
): Promise<void> {
  const config = join(folder, 'kind.yaml');
  writeFileSync(config, kindConfig(cluster));
  await run(
    [
      ...[kind, 'create', 'cluster', '--name', kindName(cluster.name), '--image', image, '--config', config],
      ...['--retain', '--wait', '180s', '--kubeconfig', join(folder, 'kubeconfig')],
    ],
    { env: { KIND_EXPERIMENTAL_DOCKER_NETWORK: network } },
  );
  await run(['docker', 'exec', controlPlaneOf(cluster.name), 'touch', readyFile]);
}

/** Never fails: what people are to read is why the making did. */
async function lookAtNodes({ name }: Cluster, failures: () => string): Promise<void> {
  try {
    const filter = ['--filter', `label=${nodeLabel}=${kindName(name)}`];
    const nodes = await listed(['ps', '-a', ...filter, '--format', '{{.Names}}']);
    if (nodes.length === 0) return;
    const folder = failures();
    const keep = keeper(folder, []);
    const ask = askInTime(edgesOfHost);
    await Promise.all(nodes.map((node) => collectNode(node, keep, ask)));
    remark(`what the nodes of cluster ${name} said lies in ${folder}; they are removed`);
  } catch (error) {
    remark(`what the nodes of cluster ${name} said could not be kept: ${explain(error)[0]}`);
  }
}

function kindConfig({ nodes, labels, role }: Cluster): string {
  const node = (of: string) => ({ role: of, labels: { 'charter-runner.io/cluster-role': role, ...labels } });
  const { extraMounts, patch } = auditing();
  return stringify({
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    kubeadmConfigPatches: [stringify(patch)],
    nodes: [
      { ...node('control-plane'), extraMounts },
      ...Array.from({ length: nodes - 1 }, () => node('worker')),
    ],
  });
}
