// A world: Pods of our own in a cluster that talk to each other all the time, brought from step to step and judged in each.
import type { ClusterAddress } from '../../kube/index.ts';
import type { Matrix, PodInfo } from '../model/types.ts';
import type { Outcome, PodId } from '../verdict/index.ts';
import type { Names, OutsideTarget, ServedPort, StepDeclaration, StepResult } from './declaration.ts';

export interface WorldOptions {
  /** Where; kubectl's own way of finding it when not given. */
  readonly cluster?: ClusterAddress;
  /** Of the prober. */
  readonly image: string;
  readonly imagePullPolicy?: 'Never' | 'IfNotPresent' | 'Always';
  /** Six lower case letters and digits, so that it can be swept by whoever outlives its process; random when not given. */
  readonly suffix?: string;
  /** Short names; `x`, `y`, `z` when not given. */
  readonly namespaces?: readonly string[];
  /** Of each namespace; `a`, `b`, `c`. */
  readonly pods?: readonly string[];
  /** Of each Pod; 80 and 81, TCP and UDP. */
  readonly ports?: readonly ServedPort[];
  /** Other ports, or other names for them, of single Pods (`x/a`). */
  readonly portsOf?: Readonly<Record<PodId, readonly ServedPort[]>>;
  readonly outside?: readonly OutsideTarget[];
  /** Names of nodes, also tainted ones; when not given all that are ready and take ordinary Pods. Pods are dealt out in turn. */
  readonly nodes?: readonly string[];
  /** Shortest cycle and longest wait for an answer, in milliseconds; 520 and 700. */
  readonly cycleMs?: number;
  readonly timeoutMs?: number;
  /** Milliseconds until a step must be as expected that does not say otherwise; 15,000. */
  readonly settleMs?: number;
  /** Planted defects of single Pods (`x/a`, `control/0`): names of runner/network/probe/faults.ts, with commas. */
  readonly faults?: Readonly<Record<PodId, string>>;
  /** Ends waiting, not the clean-up. */
  readonly signal?: AbortSignal;
}

/** Whether every node denies in both directions, for every protocol. Only a deny that was seen to fail accuses the engine. */
export type Deny = 'enforced' | 'not-enforced' | 'not-seen';

/** How this engine denies, learned with control peers of every node before the first step. */
export interface Calibration {
  readonly deny: Deny;
  /** By node, direction and protocol (`worker ingress TCP`). Absent where nothing was denied. */
  readonly signals: Readonly<Record<string, Outcome>>;
  /** One line per node, direction and protocol that could not be learned. */
  readonly problems: readonly string[];
  /** Slowest enforcement seen, in milliseconds. */
  readonly slowestMs: number;
}

export interface World {
  readonly suffix: string;
  readonly names: Names;
  readonly calibration: Calibration;
  /** As they run now, for the model; control peers too. */
  readonly pods: () => readonly PodInfo[];
  /** Everything the model needs of a declared state comes from the world: what it expects, without bringing it about. */
  readonly expected: (declaration: StepDeclaration) => Matrix['cells'];
  /**
   * Brings the state about and judges it. Throws CharterError only when the cluster refuses a write, a log cannot be read or a Pod does
   * not start (CHR_WORLD); what is wrong with the network or with a prober is in the result.
   */
  readonly step: (declaration: StepDeclaration) => Promise<StepResult>;
  /** Deletes the namespaces, and waits until they are gone. Throws CHR_WORLD when one of them does not go. */
  readonly close: () => Promise<void>;
}
