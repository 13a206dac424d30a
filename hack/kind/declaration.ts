// Reads clusters.yaml: names, roles, nodes and labels of the clusters the harness can bring up.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const cluster = z.strictObject({
  name: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/, 'a DNS label of at most 32 characters'),
  role: z.enum(['home', 'remote']),
  nodes: z.number().int().min(1).max(5).default(1),
  /** Labels of every node. */
  labels: z.record(z.string(), z.string()).default({}),
});
const declaration = z.strictObject({ clusters: z.array(cluster).min(1) });

export type Cluster = z.output<typeof cluster>;

/** All declared clusters, or those named, in the order of the file. */
export function declaredClusters(
  names: readonly string[] = [],
  file: string = process.env.CHARTER_CLUSTERS ?? join(import.meta.dirname, 'clusters.yaml'),
): readonly Cluster[] {
  const read = declaration.safeParse(parse(readFileSync(file, 'utf8')));
  if (!read.success) throw new Error(`${file}: ${z.prettifyError(read.error)}`);
  const { clusters } = read.data;
  const known = clusters.map(({ name }) => name);
  const twice = known.find((name, index) => known.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`${file}: two clusters are named ${twice}`);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`${file} declares no cluster ${unknown.join(', ')}; it has ${known.join(', ')}`);
  return names.length === 0 ? clusters : clusters.filter(({ name }) => names.includes(name));
}

/** What kind calls it: apart from clusters that others made with kind. */
export const kindName = (name: string): string => `charter-${name}`;

/** Its container; the clusters of the harness have one each. */
export const controlPlaneOf = (name: string): string => `${kindName(name)}-control-plane`;

/** Containers that kind makes for it, sorted. */
export function nodeNamesOf({ name, nodes }: Cluster): readonly string[] {
  const workers = Array.from({ length: nodes - 1 }, (_, index) => `worker${index === 0 ? '' : index + 1}`);
  return [controlPlaneOf(name), ...workers.map((role) => `${kindName(name)}-${role}`)];
}

/** Those that Pods are scheduled on: kubeadm keeps them off a control plane that has workers. */
export function podNodesOf(cluster: Cluster): readonly string[] {
  const [controlPlane = '', ...workers] = nodeNamesOf(cluster);
  return workers.length === 0 ? [controlPlane] : workers;
}
