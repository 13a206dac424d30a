// What the scenarios stand on: three clusters, the operator at home, and the means to break what lies between. hack/tenants builds it
// and names its module in the environment; nothing of it is in an image that ships.

export const clusterNames = ['home', 'remote-a', 'remote-b'] as const;
export type ClusterName = (typeof clusterNames)[number];
export const remotes = ['remote-a', 'remote-b'] as const;

/** Any object of a cluster. */
export interface Thing {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
    readonly ownerReferences?: readonly { readonly kind: string }[];
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
  };
  readonly [field: string]: unknown;
}

/** A kind of objects that scenarios look at. */
export type Kind =
  | 'Namespace'
  | 'Secret'
  | 'ConfigMap'
  | 'Deployment'
  | 'Pod'
  | 'Event'
  | 'Tenant'
  | 'CustomResourceDefinition'
  | 'ClusterRole'
  | 'ClusterRoleBinding'
  | 'Role'
  | 'RoleBinding'
  | 'ServiceAccount'
  | 'NetworkPolicy'
  | 'Lease'
  | 'ResourceQuota'
  | 'Service'
  | 'Job'
  | 'HorizontalPodAutoscaler';

export interface Where {
  readonly name: string;
  /** Left out for objects of the cluster. */
  readonly namespace?: string;
}

/** Straight to the API server, past every fault. */
export interface Cluster {
  readonly name: ClusterName;
  /** Undefined when there is none. */
  readonly find: (kind: Kind, where: Where) => Promise<Thing | undefined>;
  readonly list: (
    kind: Kind,
    selection?: { readonly namespace?: string; readonly labels?: string },
  ) => Promise<readonly Thing[]>;
  /** Server-side apply; the object as it is stored then. */
  readonly apply: (thing: Thing) => Promise<Thing>;
  /** Merge patch. */
  readonly patch: (
    kind: Kind,
    where: Where,
    body: object,
    options?: { readonly subresource?: string; readonly manager?: string },
  ) => Promise<void>;
  /** Content when it is gone already. Answers once it is marked. */
  readonly remove: (kind: Kind, where: Where, options?: { readonly graceSeconds?: number }) => Promise<void>;
}

/** As in fixtures/tenants/proxy-faults.ts. */
export interface NetworkFault {
  readonly fault?: 'none' | 'refuse' | 'reset' | 'close' | 'hang' | '429' | '500';
  readonly latencyMs?: number;
  readonly resetShare?: number;
  readonly path?: string;
}

export type RepositoryFault =
  | 'none'
  | 'not-found'
  | 'error'
  | 'slow'
  | 'hang'
  | 'reset'
  | 'tampered'
  | 'no-versions';

/** A number per label set, as the operator exposes it. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Operator {
  /** Namespace of the operator and of the kubeconfig Secrets. */
  readonly namespace: string;
  readonly pods: () => Promise<readonly Thing[]>;
  /** Ends all of its processes as kill -9 does, and lets no new one start. */
  readonly crash: () => Promise<void>;
  /** One Pod again, and waits until it is ready (not where it lacks the power to be). */
  readonly start: () => Promise<void>;
  /** `crash`, then as many as before. */
  readonly kill: () => Promise<void>;
  /** Only the process that holds the Lease; the others are there at once. */
  readonly killLeader: () => Promise<void>;
  /** Changes the number of its Pods and waits for them. */
  readonly scale: (replicas: number) => Promise<void>;
  /** `helm upgrade` of its chart with these values over the usual ones, and waits for it. */
  readonly configure: (values: object) => Promise<void>;
  /** Of all its Pods, since they started. */
  readonly log: () => Promise<string>;
  readonly metrics: () => Promise<readonly Sample[]>;
}

/** Pods `a` and `b` in namespaces of their own, `x` and `y`, that talk to each other, to the DNS and to the API server all the time. */
export interface Prober {
  /** Real name of `x` or `y`. */
  readonly namespace: (short: 'x' | 'y') => string;
  /** Whether exactly those talk that may, under these policies, which somebody else has written there. */
  readonly judge: (scene: {
    readonly name: string;
    readonly policies: readonly Thing[];
    /** By Pod (`x/a`), beyond its own. */
    readonly labels: Readonly<Record<string, Readonly<Record<string, string>>>>;
  }) => Promise<{
    readonly verdict: 'pass' | 'fail' | 'error';
    readonly text: string;
    /** Pairs and ports that may not talk. */
    readonly denied: number;
  }>;
  readonly close: () => Promise<void>;
}

export interface World {
  readonly clusters: Readonly<Record<ClusterName, Cluster>>;
  readonly operator: Operator;
  readonly charts: {
    /** URL of a repository of this name, as the operator reaches it; every name works and fails by itself. */
    readonly repository: (name: string) => string;
    readonly set: (repository: string, fault: RepositoryFault) => Promise<void>;
    /** Requests so far by path, `/<repository>/<file>`. */
    readonly requests: () => Promise<Readonly<Record<string, number>>>;
    /** `oci://…@sha256:…` of a sample chart. */
    readonly oci: (name: string, version: string) => Promise<string>;
  };
  readonly network: {
    /** Between the operator and this remote, from now on; a field left out is calm. */
    readonly set: (cluster: ClusterName, fault: NetworkFault) => Promise<void>;
    readonly calm: () => Promise<void>;
    /** Faults and numbers of requests by remote, as JSON of the fault proxy. */
    readonly counts: () => Promise<string>;
    /** Requests to this remote that met a fault, so far. */
    readonly faulted: (cluster: ClusterName) => Promise<number>;
  };
  /** In this cluster, of its own. */
  readonly prober: (cluster: ClusterName) => Promise<Prober>;
  /** The kubeconfig Secret through which the operator reaches a remote, as the scene has it. */
  readonly kubeconfigSecret: (cluster: ClusterName) => Thing;
  /** Before the first Tenant, with the operator up and all clusters engaged. */
  readonly baseline: readonly InventoryItem[];
  /** Now, on all clusters. */
  readonly inventory: () => Promise<readonly InventoryItem[]>;
}

/** One object as the orphan oracle sees it. */
export interface InventoryItem {
  readonly cluster: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** Of a Secret in which Helm keeps a release: the release's name. */
  readonly release?: string;
  readonly finalizers: readonly string[];
  readonly state: 'there' | 'going';
  /** The operator has labelled or annotated it. */
  readonly mark?: 'of the operator';
}

export const worldVariable = 'CHARTER_TENANTS_WORLD';
