// What a world of Pods can talk to besides itself in every cluster: a Pod of its DNS, and the API server by its endpoint.

import { CharterError } from '../../errors/index.ts';
import { type ClusterAddress, connect, type KubeClient, resources } from '../../kube/index.ts';
import { apiServerEndpoints } from '../policy/cluster-edges.ts';
import type { Endpoint } from '../policy/workload.ts';
import type { OutsideTarget } from '../world/declaration.ts';

const dnsNamespace = 'kube-system';
const dnsLabel = 'k8s-app=kube-dns';
/** Unless a cluster was set up otherwise. */
const usualDomain = 'cluster.local';

export interface OutsideTargets {
  readonly targets: readonly OutsideTarget[];
  readonly apiServer: Endpoint;
}

/**
 * One ready DNS Pod (its own address, which policies see), over UDP and TCP, and one endpoint of the API server. `domain`: of the cluster's
 * Services, `cluster.local` when not given. Throws CHR_NETWORK_ADDRESS where there is none.
 */
export async function outsideTargets(
  address: ClusterAddress,
  { domain = usualDomain }: { readonly domain?: string | undefined } = {},
): Promise<OutsideTargets> {
  const client = connect(address);
  try {
    return await targetsOf(client, domain);
  } finally {
    await client.close();
  }
}

async function targetsOf(client: KubeClient, domain: string): Promise<OutsideTargets> {
  const [{ items }, namespace, [apiServer]] = await Promise.all([
    client.list(resources.pods, { namespace: dnsNamespace, labelSelector: dnsLabel }),
    client.get(resources.namespaces, { name: dnsNamespace }),
    apiServerEndpoints(client),
  ]);
  const pod = items.find(
    ({ metadata, status }) =>
      metadata?.deletionTimestamp === undefined &&
      status?.podIP !== undefined &&
      status.conditions?.some(({ type, status: state }) => type === 'Ready' && state === 'True') === true,
  );
  if (pod?.status?.podIP === undefined)
    throw new CharterError('CHR_NETWORK_ADDRESS', `no Pod ${dnsNamespace}/${dnsLabel} is ready`, {
      hint: 'Steps about DNS need a DNS Pod with that label, as CoreDNS has it everywhere.',
    });
  if (apiServer === undefined)
    throw new CharterError('CHR_NETWORK_ADDRESS', 'the Service kubernetes has no ready endpoint');
  const dns = {
    ...({ kind: 'dns', address: pod.status.podIP, port: 53, below: `svc.${domain}` } as const),
    pod: {
      namespace: dnsNamespace,
      namespaceLabels: namespace.metadata?.labels ?? {},
      labels: pod.metadata?.labels ?? {},
      node: pod.spec?.nodeName,
      nodeIps: pod.status.hostIPs?.map(({ ip }) => ip) ?? [],
      hostNetwork: pod.spec?.hostNetwork,
    },
  };
  return {
    apiServer,
    targets: [
      { id: 'dns', ...dns, protocol: 'UDP' },
      { id: 'dns-tcp', ...dns, protocol: 'TCP' },
      { id: 'api', kind: 'api', ...apiServer, protocol: 'TCP' },
    ],
  };
}
