// Pure: the traffic of a workload as a CiliumNetworkPolicy. Cilium knows Pods and nodes by identity, not by address: a range never
// matches them, so the API server is named as an entity besides its addresses.
import { everywhere, exceptions, type Family, loopback, privateRanges } from './ranges.ts';
import { single } from './standard.ts';
import {
  dnsLabels,
  dnsNamespace,
  dnsPorts,
  type Endpoint,
  type PeerAllowed,
  type PolicyManifest,
  type PortAllowed,
  type WorkloadTraffic,
  webPorts,
} from './workload.ts';

const families: readonly Family[] = ['ipv4', 'ipv6'];

export function ciliumPolicy(traffic: WorkloadTraffic): PolicyManifest {
  const { name, namespace, labels, clusterRanges, broker, apiServer } = traffic;
  const ranges = [...privateRanges, ...clusterRanges];
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name, namespace },
    spec: {
      endpointSelector: { matchLabels: labels },
      // One rule without a peer isolates and allows nothing; an absent list would not isolate.
      ingress: [{}],
      egress: [
        { toCIDR: families.map((family) => loopback[family]) },
        toPeer({ namespace: dnsNamespace, labels: dnsLabels, ports: dnsPorts }),
        {
          toCIDRSet: families.map((family) => ({
            cidr: everywhere[family],
            except: exceptions(ranges, family),
          })),
          toPorts: portsOf(webPorts),
        },
        ...(broker === undefined ? [] : [toPeer(broker)]),
        ...toApiServer(apiServer),
      ],
    },
  };
}

function toPeer({ namespace, labels, ports }: PeerAllowed): object {
  const sourced = Object.entries(labels).map(([key, value]) => [`k8s:${key}`, value]);
  return {
    toEndpoints: [
      { matchLabels: { 'k8s:io.kubernetes.pod.namespace': namespace, ...Object.fromEntries(sourced) } },
    ],
    toPorts: portsOf(ports),
  };
}

function toApiServer(endpoints: readonly Endpoint[]): object[] {
  if (endpoints.length === 0) return [];
  const ports = [...new Set(endpoints.map(({ port }) => port))];
  const tcp = (numbers: readonly number[]) => portsOf(numbers.map((port) => ({ port, protocol: 'TCP' })));
  return [
    { toEntities: ['kube-apiserver'], toPorts: tcp(ports) },
    ...endpoints.map(({ address, port }) => ({ toCIDR: [single(address)], toPorts: tcp([port]) })),
  ];
}

/** Cilium writes ports as text. */
function portsOf(ports: readonly PortAllowed[]): object[] {
  return [{ ports: ports.map(({ port, protocol }) => ({ port: String(port), protocol })) }];
}
