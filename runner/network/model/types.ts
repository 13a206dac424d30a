// The words of the NetworkPolicy model: what goes in (plain data, a structural subset of the Kubernetes objects) and what
// comes out (one cell for every source, destination and port, with the rule that decided it).

export type Labels = Readonly<Record<string, string>>;
export type Protocol = 'TCP' | 'UDP' | 'SCTP';
export type Direction = 'ingress' | 'egress';
export type Family = 'IPv4' | 'IPv6';

export interface SelectorRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[] | undefined;
}

/** Empty (`{}`) selects everything; absent selects nothing by itself. All requirements must hold. */
export interface LabelSelector {
  readonly matchLabels?: Labels | undefined;
  readonly matchExpressions?: readonly SelectorRequirement[] | undefined;
}

export interface IpBlock {
  readonly cidr: string;
  readonly except?: readonly string[] | undefined;
}

export interface PolicyPeer {
  readonly podSelector?: LabelSelector | undefined;
  readonly namespaceSelector?: LabelSelector | undefined;
  readonly ipBlock?: IpBlock | undefined;
}

export interface PolicyPort {
  /** A number, or the name of a container port of the destination. Absent: every port of the protocol. */
  readonly port?: number | string | undefined;
  readonly endPort?: number | undefined;
  /** Absent: TCP. */
  readonly protocol?: Protocol | undefined;
}

/** Absent and empty lists mean the same here: every peer, every port. */
export interface IngressRule {
  readonly from?: readonly PolicyPeer[] | undefined;
  readonly ports?: readonly PolicyPort[] | undefined;
}

export interface EgressRule {
  readonly to?: readonly PolicyPeer[] | undefined;
  readonly ports?: readonly PolicyPort[] | undefined;
}

export interface PolicySpec {
  readonly podSelector?: LabelSelector | undefined;
  readonly policyTypes?: readonly ('Ingress' | 'Egress')[] | undefined;
  readonly ingress?: readonly IngressRule[] | undefined;
  readonly egress?: readonly EgressRule[] | undefined;
}

/** A `networking.k8s.io/v1` NetworkPolicy. Further fields are kept by who has them and not read here. */
export interface NetworkPolicy {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: PolicySpec;
}

export interface NamespaceInfo {
  readonly name: string;
  /** `kubernetes.io/metadata.name` is added by the model, as the API server adds it. */
  readonly labels: Labels;
}

export interface ContainerPort {
  readonly name?: string | undefined;
  readonly port: number;
  readonly protocol: Protocol;
}

export interface PodInfo {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  /** Primary address first; empty where it is not known (a manifest that was never applied). */
  readonly ips: readonly string[];
  readonly node?: string | undefined;
  /** Addresses of the node it runs on. */
  readonly nodeIps?: readonly string[] | undefined;
  readonly hostNetwork?: boolean | undefined;
  readonly ports: readonly ContainerPort[];
  /** Who made it, as `Deployment/web`; absent for a Pod that nobody made. */
  readonly workload?: string | undefined;
}

/** An address which is no Pod's. One that is, is judged as that Pod. */
export interface ExternalPeer {
  readonly ip: string;
}

export type Peer = PodInfo | ExternalPeer;

export interface PortQuery {
  /** A name is looked up at the destination Pod. */
  readonly port: number | string;
  readonly protocol: Protocol;
  /** Absent: the first family of the destination's addresses that the source has too. */
  readonly family?: Family | undefined;
}

/** One rule of one policy. Indices count from 0; absent where the rule lists no peers or no ports and so means all. */
export interface RuleRef {
  /** `namespace/name`. */
  readonly policy: string;
  readonly direction: Direction;
  readonly rule: number;
  readonly peer?: number;
  readonly port?: number;
}

/** A rule that would match if something were known that is not. */
export interface DoubtfulRef extends RuleRef {
  readonly lacks: 'address-unknown' | 'namespace-unknown';
}

/** What one side says about a connection. `selectedBy` names, as `namespace/name`, the policies that isolate the Pod. */
export type Decision =
  /** No policy of this direction selects the Pod: everything is allowed. */
  | { readonly kind: 'not-isolated' }
  /** At least one rule allows it; all that do are listed, because rules add up. */
  | {
      readonly kind: 'allowed-by-rule';
      readonly selectedBy: readonly string[];
      readonly rules: readonly RuleRef[];
    }
  /** Isolated, and no rule matches for certain. `perhaps`: rules that wait for an address, or labels of a namespace, not known. */
  | {
      readonly kind: 'isolated';
      readonly selectedBy: readonly string[];
      readonly perhaps: readonly DoubtfulRef[];
    }
  /** This side is no Pod, so no policy selects it. */
  | { readonly kind: 'outside' }
  /** The specification takes this traffic out of the policies' hands: see the cell's notes. */
  | { readonly kind: 'exempt' };

/**
 * `implementation-defined`: the specification leaves it open, or engines are known to differ; report it, do not judge it.
 * `unknown`: the input lacks what decides it (an address, the labels of a namespace, a port of that name); never seen for a whole
 * cluster and numbers.
 */
export type CellVerdict = 'allowed' | 'denied' | 'implementation-defined' | 'unknown';

export type CellNote =
  /** A Pod that reaches itself: allowed, whatever the policies say. */
  | 'self'
  /** Between a Pod and the node it runs on: the specification allows it always, engines do not. */
  | 'own-node'
  /** A Pod in the host's network is involved: engines see the Pod or only its node. */
  | 'host-network'
  /** An ipBlock could not be compared, because an address is not known. */
  | 'address-unknown'
  /** A namespaceSelector asks for labels of a namespace that was not read. */
  | 'namespace-unknown'
  /** The destination is the address of a Service, which is rewritten to a Pod's before most engines look. */
  | 'service-address'
  /** The destination has no container port of the name that was asked for. */
  | 'no-such-port';

export interface Cell {
  readonly from: Peer;
  readonly to: Peer;
  /** As asked. */
  readonly port: number | string;
  /** The number it means at this destination; absent where a name means nothing there. */
  readonly portNumber?: number;
  readonly protocol: Protocol;
  readonly verdict: CellVerdict;
  /** Policies of the destination. */
  readonly ingress: Decision;
  /** Policies of the source. */
  readonly egress: Decision;
  readonly notes: readonly CellNote[];
}

/** Cells in the order source, destination, port. Pairs of two external peers are left out. */
export interface Matrix {
  readonly peers: readonly Peer[];
  readonly ports: readonly PortQuery[];
  readonly cells: readonly Cell[];
}
