// Pure: the traffic of a workload as a networking.k8s.io/v1 NetworkPolicy, which every engine understands.
import { isIPv4 } from 'node:net';
import { everywhere, exceptions, type Family, loopback, privateRanges } from './ranges.ts';
import {
  dnsLabels,
  dnsNamespace,
  dnsPorts,
  type Endpoint,
  type PeerAllowed,
  type PolicyManifest,
  type WorkloadTraffic,
  webPorts,
} from './workload.ts';

const families: readonly Family[] = ['ipv4', 'ipv6'];

export function standardPolicy(traffic: WorkloadTraffic): PolicyManifest {
  const { name, namespace, labels, broker, apiServer } = traffic;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec: {
      podSelector: { matchLabels: labels },
      policyTypes: ['Ingress', 'Egress'],
      // Nothing comes in: a list without rules isolates.
      ingress: [],
      egress: [
        { to: families.map((family) => ({ ipBlock: { cidr: loopback[family] } })) },
        toPeer({ namespace: dnsNamespace, labels: dnsLabels, ports: dnsPorts }),
        internet(traffic.clusterRanges),
        ...(broker === undefined ? [] : [toPeer(broker)]),
        ...apiServer.map(toEndpoint),
      ],
    },
  };
}

/** Both selectors in one peer: these Pods of that namespace. Two peers would mean all of either. */
function toPeer({ namespace, labels, ports }: PeerAllowed): object {
  return {
    to: [
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        podSelector: { matchLabels: labels },
      },
    ],
    ports: ports.map(({ port, protocol }) => ({ port, protocol })),
  };
}

function internet(clusterRanges: readonly string[]): object {
  const ranges = [...privateRanges, ...clusterRanges];
  return {
    to: families.map((family) => ({
      ipBlock: { cidr: everywhere[family], except: exceptions(ranges, family) },
    })),
    ports: webPorts.map(({ port, protocol }) => ({ port, protocol })),
  };
}

function toEndpoint({ address, port }: Endpoint): object {
  return { to: [{ ipBlock: { cidr: single(address) } }], ports: [{ port, protocol: 'TCP' }] };
}

/** The range that holds this address alone. */
export function single(address: string): string {
  return `${address}/${isIPv4(address) ? 32 : 128}`;
}
