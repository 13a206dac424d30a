// What a world is made of and what a step declares. A step declares the whole state, never a change: it can start from any state.
import type { Labels, NetworkPolicy, PodInfo, Protocol } from '../model/types.ts';
import type { CellResult, Latency, PodId } from '../verdict/types.ts';

export interface ServedPort {
  readonly port: number;
  readonly protocol: Exclude<Protocol, 'SCTP'>;
  /** Name of the container port. */
  readonly name?: string;
}

/** A target that is no Pod of the world. `dns` answers a question for a name below `below` that holds the nonce; `api` echoes it in the Audit-ID header. */
export interface OutsideTarget {
  readonly id: string;
  readonly kind: 'dns' | 'api';
  readonly address: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
  /** Of a `dns`: the name for which it answers itself (`svc.cluster.local`). */
  readonly below?: string;
  /** The Pod of the cluster that it is, for policies that select Pods; absent: an address outside. */
  readonly pod?: Pick<PodInfo, 'namespace' | 'labels' | 'node' | 'nodeIps' | 'hostNetwork'> & {
    readonly namespaceLabels: Labels;
  };
}

/** Names inside the cluster: a world's namespaces have a random suffix. */
export interface Names {
  /** Real name of the short one (`x`). */
  readonly namespace: (short: string) => string;
  /** Address of a Pod (`x/a`) that runs. */
  readonly address: (pod: PodId) => string;
}

/**
 * The whole state of the world in this step. Namespaces of the policies are real names: see {@link Names}. Labels come over the base
 * ones, which are `ns: x` at a namespace and `pod: a` at a Pod.
 */
export interface StepDeclaration {
  readonly name: string;
  readonly policies: readonly NetworkPolicy[];
  /** Policies that somebody else has put into the world's namespaces: they count as the declared ones do, and are never written. */
  readonly found?: readonly NetworkPolicy[];
  readonly podLabels?: Readonly<Record<PodId, Labels>>;
  readonly namespaceLabels?: Readonly<Record<string, Labels>>;
  /** Pods beyond those of the world, in one of its namespaces. */
  readonly morePods?: readonly PodId[];
  /** Pods of the world that are not there in this step. */
  readonly withoutPods?: readonly PodId[];
  /** Milliseconds until cells must be as expected; the world's own when not given. */
  readonly settleMs?: number;
  /**
   * `ground` stays as declared, for the step that follows it. Otherwise a step whose denies rest on what was open before ends without
   * its policies, so that both ends are seen to talk again: see {@link StepResult.standIns}. Policies that were found are not the
   * world's to remove: a step with them is ground.
   */
  readonly purpose?: 'verdict' | 'ground';
}

/** One write to the API server. `plan` writes tell probers of changed peers, and happen only when Pods come or go. */
export interface Write {
  readonly verb: 'create' | 'replace' | 'patch' | 'delete';
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly purpose: 'world' | 'declared' | 'plan';
  /** Of a patch: each field that its body sets or removes, `metadata.labels.pod`. */
  readonly touches?: readonly string[];
}

export interface StepResult {
  readonly name: string;
  readonly verdict: 'pass' | 'fail' | 'error';
  /** Cells between the world's Pods, and to the outside targets. Talks with the control peers are evidence, not cells. */
  readonly cells: readonly CellResult[];
  /** Problems of no single cell: a control peer that is down, an end that an earlier deny rests on. One line each, the problem's name first. */
  readonly problems: readonly string[];
  /** Of the cells that the step changes; undefined where it changes none, or where Pods come or go. */
  readonly latency: Latency | undefined;
  /**
   * Denied cells for which no control could talk: that they were open before, and are open after, stands in. Where there are any, the
   * world is in the state without policies afterwards, unless the step is red or ground. Policies that were found are removed by
   * somebody else: the next step without any policy is an error where the ends of such a deny do not talk again.
   */
  readonly standIns: number;
  readonly writes: readonly Write[];
  /** From the first write to the verdict. */
  readonly durationMs: number;
  /** Expected and observed side by side, only differing cells marked, then a line for each of them. */
  readonly text: string;
}
