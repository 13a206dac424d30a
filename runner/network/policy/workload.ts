// What one workload may talk to, in words that no policy engine has invented: standard.ts and cilium.ts say it in theirs.

/** An address and port behind the Service `kubernetes`: engines judge after the Service address has been rewritten. */
export interface Endpoint {
  /** IPv4 or IPv6 address, no brackets. */
  readonly address: string;
  readonly port: number;
}

export interface PortAllowed {
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
}

/** Another workload of the cluster, e.g. a broker. */
export interface PeerAllowed {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly PortAllowed[];
}

export interface WorkloadTraffic {
  /** Name of the policy object. */
  readonly name: string;
  readonly namespace: string;
  /** Labels of the workload's Pods. */
  readonly labels: Readonly<Record<string, string>>;
  /** Pod and Service ranges of the cluster, CIDR; they are no internet, also where they are public addresses. */
  readonly clusterRanges: readonly string[];
  readonly broker?: PeerAllowed;
  readonly apiServer: readonly Endpoint[];
}

/** What both forms write: a Kubernetes object. */
export interface PolicyManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

export const dnsPorts: readonly PortAllowed[] = [
  { port: 53, protocol: 'UDP' },
  { port: 53, protocol: 'TCP' },
];

export const webPorts: readonly PortAllowed[] = [
  { port: 443, protocol: 'TCP' },
  { port: 80, protocol: 'TCP' },
];

/** Labels that CoreDNS and kube-dns both carry in every distribution that follows kubeadm. */
export const dnsNamespace = 'kube-system';
export const dnsLabels = { 'k8s-app': 'kube-dns' } as const;
