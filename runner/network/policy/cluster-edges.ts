// What a cluster knows of its API server and its ranges: the edges of a workload's policy.
import { lookup } from 'node:dns/promises';
import {
  type ClusterAddress,
  connect,
  isKubeError,
  type KubeClient,
  resource,
  resources,
} from '../../kube/index.ts';
import { parseApiServer, type ResolveEdges, resolveApiServer } from './api-server.ts';
import type { Endpoint } from './workload.ts';

interface EndpointSlice {
  readonly metadata?: { readonly name?: string };
  readonly endpoints?: readonly {
    readonly addresses?: readonly string[];
    readonly conditions?: { readonly ready?: boolean };
  }[];
  readonly ports?: readonly { readonly port?: number; readonly protocol?: string }[];
}

const endpointSlices = resource<EndpointSlice & object>(
  'discovery.k8s.io/v1',
  'EndpointSlice',
  'endpointslices',
);
const kubernetes = { namespace: 'default', name: 'kubernetes' } as const;

/** Ready endpoints of the Service `kubernetes`, which the API server keeps itself. */
export async function apiServerEndpoints(client: KubeClient): Promise<Endpoint[]> {
  const { items } = await client.list(endpointSlices, {
    namespace: kubernetes.namespace,
    labelSelector: `kubernetes.io/service-name=${kubernetes.name}`,
  });
  return items.flatMap(({ endpoints = [], ports = [] }) =>
    endpoints
      .filter(({ conditions }) => conditions?.ready !== false)
      .flatMap(({ addresses = [] }) =>
        addresses.flatMap((address) =>
          ports.flatMap(({ port }) => (port === undefined ? [] : [{ address, port }])),
        ),
      ),
  );
}

export function clusterEdges(client: KubeClient): ResolveEdges {
  return {
    lookup: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
    serviceEndpoints: () => apiServerEndpoints(client),
    serviceAddresses: async () => {
      const { spec } = await client.get(resources.services, kubernetes);
      return spec?.clusterIPs ?? [];
    },
  };
}

/** Pod ranges as nodes carry them; empty where the network keeps them to itself. */
export async function podRanges(client: KubeClient): Promise<string[]> {
  const { items } = await client.list(resources.nodes);
  return [...new Set(items.flatMap(({ spec }) => spec?.podCIDRs ?? []))].toSorted();
}

interface ServiceCidr {
  readonly metadata?: { readonly name?: string };
  readonly spec?: { readonly cidrs?: readonly string[] };
}

const serviceCidrs = resource<ServiceCidr & object>('networking.k8s.io/v1', 'ServiceCIDR', 'servicecidrs');

/** Service ranges as Kubernetes tells them from 1.33 on; empty where it is older, or where they may not be read. */
export async function serviceRanges(client: KubeClient): Promise<string[]> {
  try {
    const { items } = await client.list(serviceCidrs);
    return [...new Set(items.flatMap(({ spec }) => spec?.cidrs ?? []))].toSorted();
  } catch (error) {
    if (isKubeError(error, 'CHR_KUBE_NOT_FOUND') || isKubeError(error, 'CHR_KUBE_FORBIDDEN')) return [];
    throw error;
  }
}

export interface ReadFromCluster {
  readonly apiServer: readonly Endpoint[];
  readonly podRanges: readonly string[];
  readonly serviceRanges: readonly string[];
}

/** Throws CHR_NETWORK_ADDRESS, CHR_KUBECONFIG and the KubeApiError of a read that fails. `apiServer` absent: not asked for. */
export async function readForPolicy(
  address: ClusterAddress,
  apiServer: string | undefined,
): Promise<ReadFromCluster> {
  const place = apiServer === undefined ? undefined : parseApiServer(apiServer);
  const client = connect(address);
  try {
    return {
      apiServer: place === undefined ? [] : await resolveApiServer(place, clusterEdges(client)),
      podRanges: await podRanges(client),
      serviceRanges: await serviceRanges(client),
    };
  } finally {
    await client.close();
  }
}
