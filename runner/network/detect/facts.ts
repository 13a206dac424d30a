// What is looked at to tell which network a cluster has: plain data, read once by cluster-facts.ts, judged in detect.ts.

/** A DaemonSet or Deployment that may be a network's agent. */
export interface Agent {
  readonly kind: 'DaemonSet' | 'Deployment';
  readonly namespace: string;
  readonly name: string;
  readonly containers: readonly {
    readonly name: string;
    readonly image: string;
    readonly args: readonly string[];
  }[];
  /** Pods that should run and Pods that are ready. */
  readonly wanted: number;
  readonly ready: number;
}

export interface ClusterFacts {
  readonly agents: readonly Agent[];
  /** Names of CustomResourceDefinitions, `ciliumnetworkpolicies.cilium.io`. Undefined where they may not be read. */
  readonly crds: readonly string[] | undefined;
  readonly nodes: readonly { readonly name: string; readonly kubeletVersion: string }[];
}

export type NetworkName =
  | 'calico'
  | 'cilium'
  | 'antrea'
  | 'kube-router'
  | 'weave'
  | 'kindnet'
  | 'ovn'
  | 'flannel'
  | 'aws-vpc'
  | 'kube-network-policies';

export interface Evidence {
  /** What was seen, `DaemonSet kube-system/kube-router (2 of 2 ready)`. */
  readonly seen: string;
  /** What it says. */
  readonly means: string;
}

export interface Detection {
  /** Who gives Pods their addresses. */
  readonly cni: NetworkName | 'unknown';
  /** Who enforces NetworkPolicies, as far as names can tell; only a denied probe proves it. */
  readonly policyEngine: NetworkName | 'none' | 'unknown';
  readonly evidence: readonly Evidence[];
  /** Why the answer may be wrong. Empty where everything fits. */
  readonly doubts: readonly string[];
}
