// A world: Pods of our own in a cluster that talk to each other all the time, brought from step to step and judged in each.
import type { KubeClient } from '../../kube/index.ts';
import type { Matrix, PodInfo } from '../model/types.ts';
import type { Outcome } from '../verdict/types.ts';
import type { Names, OutsideTarget, ServedPort, StepDeclaration, StepResult } from './declaration.ts';

export interface WorldOptions {
  readonly client: KubeClient;
  /** Of the prober. */
  readonly image: string;
  readonly imagePullPolicy?: 'Never' | 'IfNotPresent' | 'Always';
  /** Short names; `x`, `y`, `z` when not given. */
  readonly namespaces?: readonly string[];
  /** Of each namespace; `a`, `b`, `c`. */
  readonly pods?: readonly string[];
  /** Of each Pod; 80 and 81, TCP and UDP. */
  readonly ports?: readonly ServedPort[];
  /** Other ports, or other names for them, of single Pods (`x/a`). */
  readonly portsOf?: Readonly<Record<string, readonly ServedPort[]>>;
  readonly outside?: readonly OutsideTarget[];
  /** Shortest cycle and longest wait for an answer, in milliseconds; 500 and 800. */
  readonly cycleMs?: number;
  readonly timeoutMs?: number;
  /** Ends waiting, not the clean-up. */
  readonly signal?: AbortSignal;
  /** One line per thing that happens. */
  readonly log?: (line: string) => void;
}

/** How this engine denies, learned with control peers of every node before the first step. */
export interface Calibration {
  /** Every node enforces both directions, for every protocol. */
  readonly enforced: boolean;
  /** By node, direction and protocol (`worker ingress TCP`). Absent where nothing was denied. */
  readonly signals: Readonly<Record<string, Outcome>>;
  /** One line per node, direction and protocol that could not be learned. */
  readonly problems: readonly string[];
  /** Slowest enforcement seen, in milliseconds. */
  readonly slowestMs: number;
}

export interface WorldEnd {
  /** Names of steps with denies that were never seen open afterwards. */
  readonly neverReopened: readonly string[];
}

export interface World {
  readonly suffix: string;
  readonly names: Names;
  readonly calibration: Calibration;
  /** As they run now, for the model. */
  readonly pods: () => readonly PodInfo[];
  /** What the model expects of a declared state, without bringing it about. */
  readonly expected: (declaration: StepDeclaration) => Matrix;
  /** Brings the state about and judges it. Throws CharterError only when the cluster refuses a write or a Pod does not start. */
  readonly step: (declaration: StepDeclaration) => Promise<StepResult>;
  /** Opens everything once more, so that the last denies are seen open afterwards, and deletes the namespaces. */
  readonly close: () => Promise<WorldEnd>;
}

export declare function openWorld(options: WorldOptions): Promise<World>;
