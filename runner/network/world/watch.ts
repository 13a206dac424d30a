// For how long a step is watched that seems as expected already: what must not change could still do so.
import { latencyOf } from '../verdict/index.ts';

export interface Pace {
  /** Is anything expected to change? */
  readonly isChanging: boolean;
  /** The slowest change so far, those of the calibration too. */
  readonly slowestMs: number;
  /** Of all pairs that steps have changed so far. */
  readonly latencies: readonly number[];
  readonly settleMs: number;
}

/** Milliseconds after the last write: both confirming cycles begin after `confirmMs`, the second after `lookMs`. */
export function watchOf({ isChanging, slowestMs, latencies, settleMs }: Pace): {
  readonly confirmMs: number;
  readonly lookMs: number;
} {
  const usualMs = latencyOf(latencies)?.p95 ?? slowestMs;
  return {
    confirmMs: isChanging ? 0 : Math.min(slowestMs, settleMs),
    lookMs: Math.min(usualMs, settleMs),
  };
}
