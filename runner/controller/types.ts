// The contract of a controller, before any of how it is kept. docs/controller.md tells the same as prose with an example.
import type { BackoffOptions, Clock } from '../kube/index.ts';

/**
 * Brings the world nearer to what the object behind `key` asks for, or finds that there is nothing to do.
 *
 * What a reconcile can rely on:
 * - It is called at least once after every `enqueue(key)`, and never twice at the same time for one key. Many enqueues while it waits
 *   are one call; an enqueue while it runs is one more call afterwards. Different keys run side by side, `concurrency` at most.
 * - It is told a key, never an event: it reads the state as it is, and may be called although nothing has changed (after a start all
 *   keys come). So it must be safe to repeat, also after having been killed anywhere in the middle.
 * - No call begins before every source has synced: an empty store means that there is nothing.
 * - `signal` is aborted when the controller must not go on: stop, or leadership lost. Whatever is written afterwards may meet another
 *   leader's writes, so a long step (a child process, a wait) has to follow it.
 *
 * How it answers:
 * - Nothing or `{}`: done, the failures of this key are forgotten.
 * - `{ requeueAfterMs }`: done, the failures are forgotten, and it is called again after that time at the latest.
 * - It throws: called again after a backoff of its own key (full jitter, doubling up to a cap, see BackoffOptions), or at once when the
 *   key is enqueued meanwhile; but never earlier than an API server's Retry-After. An error that the key must wait out is thrown, one that only the user can mend is written into
 *   the status and answered with nothing.
 */
export type Reconcile = (key: string, context: ReconcileContext) => Promise<ReconcileResult | undefined>;

export interface ReconcileContext {
  readonly signal: AbortSignal;
  /** How many calls for this key have failed in a row before this one. */
  readonly failures: number;
}

export interface ReconcileResult {
  readonly requeueAfterMs?: number;
}

/** Where keys come from: an informer, a channel of the program's own, a timer. */
export interface Source {
  readonly name: string;
  /**
   * Begins to tell keys and returns what ends it. `synced` resolves once every key that exists now has been told. A source that is
   * added while the controller runs (a cluster that joins) is not waited for by keys of other sources.
   */
  readonly start: (enqueue: (key: string) => void) => StartedSource;
}

export interface StartedSource {
  readonly synced: Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Bounds how often keys are begun, all together: a bucket of `burst` that fills with `perSecond`. */
export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

export interface ControllerOptions {
  /** In metrics and messages; letters, digits and dashes. */
  readonly name: string;
  readonly reconcile: Reconcile;
  readonly sources?: readonly Source[];
  /** Keys at once; 1 when not given. */
  readonly concurrency?: number;
  readonly backoff?: BackoffOptions;
  /** No limit when not given. */
  readonly rateLimit?: RateLimit;
  readonly clock?: Clock;
  /** Between 0 and 1; Math.random when not given. */
  readonly random?: () => number;
  readonly observer?: ControllerObserver;
  /** Milliseconds that `stop` waits for running reconciles after their signal; 30,000 when not given. */
  readonly stopTimeoutMs?: number;
}

/** What happens in a controller, for logs and metrics. It must not throw. */
export interface ControllerObserver {
  readonly onReconciled?: (seen: Reconciled) => void;
  /** Keys that could be begun now, and keys being worked on. */
  readonly onQueue?: (controller: string, waiting: number, running: number) => void;
}

export interface Reconciled {
  readonly controller: string;
  readonly key: string;
  /** `aborted`: it threw after its signal was aborted; it counts as no failure. */
  readonly outcome: 'done' | 'requeued' | 'failed' | 'aborted';
  readonly ms: number;
  /** Between the key being due and the call. */
  readonly waitedMs: number;
  readonly error?: unknown;
  /** Milliseconds until the next call, where that is known. */
  readonly nextMs?: number;
}

export interface Controller {
  readonly name: string;
  /** Starts the sources and reconciles nothing yet: a candidate that may lead later has its caches ready, and says so. */
  readonly warm: () => void;
  /**
   * Starts the sources, waits until they have synced, then reconciles until the signal is aborted; resolves when all reconciles have
   * ended, or after `stopTimeoutMs` with the keys that still run. Can be run once.
   */
  readonly run: (signal: AbortSignal) => Promise<StopReport>;
  /** From outside of any source. */
  readonly enqueue: (key: string) => void;
  /** At the latest in `ms`; an earlier due time stays. */
  readonly enqueueAfter: (key: string, ms: number) => void;
  /** Returns what removes it again; also while running. */
  readonly addSource: (source: Source) => () => Promise<void>;
  /** Ends the sources of a controller that was warmed and never run. `run` does so itself. */
  readonly cool: () => Promise<void>;
  /** The sources that were there at the start have synced. */
  readonly hasSynced: () => boolean;
  readonly isRunning: (key: string) => boolean;
}

export interface StopReport {
  /** Keys whose reconcile did not end in time. */
  readonly stillRunning: readonly string[];
}

/** `leading`: ours and not yet expired; `following`: another's, or being asked for; `unknown`: no answer yet, or none for a lease's time. */
export type LeadershipState = 'unknown' | 'following' | 'leading';

export interface LeadershipOptions {
  readonly namespace: string;
  /** Of the Lease. */
  readonly name: string;
  /** Unlike that of every other candidate, e.g. the Pod's name and a random part. */
  readonly identity: string;
  /** How long another candidate waits after the last renewal it has seen; 15,000. Whole seconds. */
  readonly leaseDurationMs?: number;
  /** How long after the last renewal the leader goes on; 10,000, and less than leaseDurationMs by the time that stopping needs. */
  readonly renewDeadlineMs?: number;
  /** Between tries, with up to a fifth of jitter; 2,000. */
  readonly retryPeriodMs?: number;
}

/**
 * Leader election by one Lease, so that of all candidates at most one works at any time.
 *
 * - Candidates compare the Lease with what they themselves saw earlier, by their own monotonic clock: clocks of nodes may differ.
 * - The leader counts from the moment *before* it sent the renewal that succeeded. `renewDeadlineMs` after it the signal of its work is
 *   aborted, `leaseDurationMs` after it another may take over; what lies between is the time to stop.
 * - A process that was paused may wake up after that time with a timer that has not fired yet. `mayAct()` looks at the clock itself and
 *   says false; a fenced client (fence.ts) asks it before every write.
 * - When the work ends or `signal` is aborted, the Lease is released, so the next candidate need not wait.
 */
export interface Leadership {
  readonly identity: string;
  readonly state: () => LeadershipState;
  /** Identity of the leader as last seen. */
  readonly leader: () => string | undefined;
  /** True only while the lease is ours and younger than renewDeadlineMs, by the clock, now. */
  readonly mayAct: () => boolean;
  /**
   * Waits for leadership, then calls `work` with a signal that is aborted when leadership or `signal` ends. Resolves with `released`
   * after the work has ended by itself or by `signal`, with `lost` after leadership was lost and the work has ended. Rejects with what
   * the work throws, after the release.
   */
  readonly lead: (
    work: (signal: AbortSignal) => Promise<void>,
    signal: AbortSignal,
  ) => Promise<'released' | 'lost'>;
}

/** metav1.Condition. */
export interface Condition {
  readonly type: string;
  readonly status: ConditionStatus;
  /** CamelCase, one word. */
  readonly reason: string;
  readonly message: string;
  /** RFC 3339 in whole seconds; moves only when `status` does. */
  readonly lastTransitionTime: string;
  /** metadata.generation that this was found for. */
  readonly observedGeneration?: number;
}

export type ConditionStatus = 'True' | 'False' | 'Unknown';
