// The verdict of a case from its attempts. One place, so that no two reports can disagree about a case.
import type { Failure, Verdict } from './events.ts';
import type { AttemptState, CaseState } from './state.ts';

/** What a case that started and never ended is reported as. */
export const interrupted: Failure = {
  kind: 'interrupted',
  message: 'interrupted: the case started and no end of it was recorded',
};

function anyEnded(item: CaseState, verdict: Verdict): boolean {
  return item.attempts.some((attempt) => attempt.outcome?.verdict === verdict);
}

function lastEnded(item: CaseState): AttemptState | undefined {
  return item.attempts.findLast((attempt) => attempt.outcome !== undefined);
}

/**
 * The last ended attempt passed: passed. Otherwise the worst that was seen: failed before error before skipped.
 * A running retry hides nothing: only ended attempts count. Started and never ended: error (`interrupted`).
 * Never started: undefined, the case is not run.
 */
export function verdictOf(item: CaseState): Verdict | undefined {
  const last = lastEnded(item);
  if (last === undefined) return item.attempts.length === 0 ? undefined : 'error';
  if (last.outcome?.verdict === 'passed') return 'passed';
  if (anyEnded(item, 'failed')) return 'failed';
  if (anyEnded(item, 'error')) return 'error';
  return 'skipped';
}

/** Passed at last, after an attempt that failed or met an error. */
export function isFlaky(item: CaseState): boolean {
  return (
    item.attempts.length > 1 &&
    verdictOf(item) === 'passed' &&
    (anyEnded(item, 'failed') || anyEnded(item, 'error'))
  );
}

/** The attempt that shows the verdict: the last that passed, else the first that met it, else the first of all, which never ended. */
export function decidingAmong<A>(
  verdict: Verdict | undefined,
  attempts: readonly A[],
  verdictIn: (attempt: A) => Verdict | undefined,
): A | undefined {
  if (verdict === 'passed') return attempts.findLast((attempt) => verdictIn(attempt) === 'passed');
  return attempts.find((attempt) => verdictIn(attempt) === verdict) ?? attempts[0];
}

export function decidingAttempt(item: CaseState): AttemptState | undefined {
  return decidingAmong(verdictOf(item), item.attempts, ({ outcome }) => outcome?.verdict);
}

/** Why the attempt is failed or error; an attempt without an end was interrupted. */
export function failureOf(attempt: AttemptState): Failure | undefined {
  const { outcome } = attempt;
  if (outcome === undefined) return interrupted;
  if (outcome.verdict !== 'failed' && outcome.verdict !== 'error') return undefined;
  return (
    outcome.failure ?? {
      kind: outcome.verdict === 'failed' ? 'assertion' : 'exception',
      message: outcome.verdict,
    }
  );
}

/** Time spent in ended attempts. */
export function durationOf(item: CaseState): number {
  return item.attempts.reduce((sum, attempt) => sum + (attempt.durationMs ?? 0), 0);
}
