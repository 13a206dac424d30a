// What explain, matrix and lint look at: the part of a cluster, running or written down, that decides about connections.
import type { NamespaceInfo, NetworkPolicy, PodInfo, Protocol } from '../model/types.ts';

export interface ServicePort {
  readonly name?: string | undefined;
  readonly port: number;
  readonly targetPort?: number | string | undefined;
  readonly protocol: Protocol;
}

export interface ServiceInfo {
  readonly namespace: string;
  readonly name: string;
  /** Empty for a headless Service, and in manifests, where nobody has chosen one yet. */
  readonly clusterIps: readonly string[];
  readonly selector?: Readonly<Record<string, string>> | undefined;
  readonly ports: readonly ServicePort[];
}

/** Where a Service leads to at present. */
export interface EndpointsInfo {
  /** `namespace/name` of the Service. */
  readonly service: string;
  readonly addresses: readonly string[];
  readonly ports: readonly { readonly port: number; readonly protocol: Protocol }[];
}

export interface NetworkState {
  readonly policies: readonly NetworkPolicy[];
  readonly namespaces: readonly NamespaceInfo[];
  readonly pods: readonly PodInfo[];
  readonly services: readonly ServiceInfo[];
  readonly endpoints: readonly EndpointsInfo[];
  /** Where it was read from, for people: files, or the server's URL. */
  readonly source: string;
  /** What was seen and is not judged, e.g. `CiliumNetworkPolicy x/y`; a verdict leaves it out of account. */
  readonly notJudged: readonly string[];
}
