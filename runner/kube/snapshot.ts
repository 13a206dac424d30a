// What decides about connections in a cluster, read once and changed never: five lists, all their pages. A list that is refused is an
// error, because a snapshot that lacks policies would look like a cluster where everything is allowed.
import type { KubeClient, ListOptions } from './client-types.ts';
import { type Resource, resource, resources } from './resource.ts';
import type { AnyObject, KubeObject } from './types.ts';

const networkPolicies = resource('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies');
const endpointSlices = resource('discovery.k8s.io/v1', 'EndpointSlice', 'endpointslices');

/** What is read, and so what right is needed: `list` on each, in all namespaces. */
export const snapshotResources: readonly Resource<KubeObject>[] = [
  resources.namespaces,
  resources.pods,
  networkPolicies,
  resources.services,
  endpointSlices,
];

/** Kinds that also decide about connections, and that are not read: the caller says so instead of being silent. */
const otherEngines: readonly (readonly [apiVersion: string, kind: string])[] = [
  ['cilium.io/v2', 'CiliumNetworkPolicy'],
  ['cilium.io/v2', 'CiliumClusterwideNetworkPolicy'],
  ['crd.projectcalico.org/v1', 'NetworkPolicy'],
  ['crd.projectcalico.org/v1', 'GlobalNetworkPolicy'],
  ['crd.antrea.io/v1beta1', 'NetworkPolicy'],
  ['policy.networking.k8s.io/v1alpha1', 'AdminNetworkPolicy'],
  ['policy.networking.k8s.io/v1alpha1', 'BaselineAdminNetworkPolicy'],
  ['policy.networking.k8s.io/v1alpha2', 'ClusterNetworkPolicy'],
];

export interface Snapshot {
  /** As on the wire, each with apiVersion and kind. */
  readonly objects: readonly AnyObject[];
  /** Kinds the cluster knows which decide too: `CiliumNetworkPolicy (cilium.io/v2)`. */
  readonly notRead: readonly string[];
  /** URL of the API server. */
  readonly server: string;
}

/** Throws the KubeApiError of the first list that fails. */
export async function takeSnapshot(client: KubeClient, options: ListOptions = {}): Promise<Snapshot> {
  const [lists, notRead] = await Promise.all([
    Promise.all(snapshotResources.map((one) => client.list(one, options))),
    knownKinds(client, options),
  ]);
  const objects = lists.flatMap(({ items }) => items as AnyObject[]);
  return { objects, notRead, server: client.server };
}

async function knownKinds(client: KubeClient, { signal }: ListOptions): Promise<string[]> {
  const found = await Promise.all(
    otherEngines.map(async ([apiVersion, kind]) => {
      const known = await client.discover(apiVersion, kind, signal === undefined ? {} : { signal });
      return known === undefined ? [] : [`${kind} (${apiVersion})`];
    }),
  );
  return found.flat();
}
