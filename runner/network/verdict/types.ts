// The words of a verdict: what was expected of a cell, what was observed, and by which name it is wrong.
import type { Cell as ModelCell, Protocol } from '../model/types.ts';

/** `x/a`: short namespace and Pod of a world; `outside/<id>` for a target that is no Pod of the world. */
export type PodId = string;

/** What a client saw of one probe. `broken`: its own machinery failed, nothing was sent. */
export type Outcome =
  | 'ok'
  | 'timeout'
  | 'refused'
  | 'reset'
  | 'unreachable'
  | 'wrong-nonce'
  | 'wrong-identity'
  | 'broken';

/**
 * Why a cell is no pass. Of these, `not-enforced` and `blocked` are failures of the engine under test (`fail`); all others say that
 * nothing can be said (`error`).
 */
export type Problem =
  /** Talked where a deny was expected. */
  | 'not-enforced'
  /** Denied the way this engine denies where a talk was expected, while both sides talk with others. */
  | 'blocked'
  /** The destination's port does not answer its own Pod (or, outside, nobody who may talk to it). */
  | 'dead-peer'
  /** The client does not even reach its own ports. */
  | 'broken-client'
  /** The client's plan holds an address which is not the destination's any more. */
  | 'stale-address'
  /** No record of this Pod for three seconds, or for twice the longest wait of a probe. */
  | 'silent-prober'
  /** The Pod's clock and ours differ by more than the limit. */
  | 'skewed-clock'
  /** Nobody of those with whom the model lets one of the two ends talk did so in the same window; where a talk was expected, nobody at all. */
  | 'control-failed'
  /** Blocked, but not the way this engine denies. */
  | 'wrong-signal'
  /** Somebody else answered. */
  | 'wrong-identity'
  /** An answer with another nonce than was sent. */
  | 'wrong-nonce'
  /** The server saw the nonce and the client no answer. */
  | 'one-way'
  /** The client got its answer and the server never told of it. */
  | 'unseen'
  /** A deny in which no control can talk, and which was never open before. */
  | 'never-open'
  /** A deny in which no control can talk, and whose ends did not talk when its policies were gone. */
  | 'never-reopened'
  /** The engine's deny signal could not be learned. */
  | 'not-calibrated'
  /** The last two cycles contradict each other, or only the last one would be a failure. */
  | 'transient';

/**
 * On what a pass rests: its own talk; talks of both ends with others in the same window; or, where no policy leaves one open,
 * that both were open before (`open-before`, as long as nobody looked afterwards) and after.
 */
export type Proof = 'talked' | 'control' | 'open-before' | 'open-before-and-after';

export interface CellResult {
  readonly from: PodId;
  readonly to: PodId;
  readonly port: number;
  readonly protocol: Protocol;
  /** By the model; `implementation-defined` and `unknown` cells are reported and not judged. */
  readonly expected: ModelCell['verdict'];
  /** Of the last full cycle. Undefined when there was none. */
  readonly observed: 'allowed' | 'denied' | undefined;
  readonly outcome: Outcome | undefined;
  readonly verdict: 'pass' | 'fail' | 'error' | 'not-judged';
  readonly problem?: Problem;
  /** One line for people: what was seen, of whom. */
  readonly detail?: string;
  readonly proof?: Proof;
  /** Milliseconds from the last write of the step until the cell was as expected for good; only where the step changes the cell. */
  readonly latencyMs?: number;
  /** Cycles, after it was as expected for the first time, in which it was not. A pass with transients is one that flickered. */
  readonly transients: number;
}

/** Milliseconds; the resolution is a cycle. */
export interface Latency {
  readonly cells: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}
