// The five numbers of a run and the lists that stand beside them. SUMMARY, JUnit, CTRF and the exit code all start here.
import type { CaseState, RunState } from './state.ts';
import { decidingAttempt, isFlaky, verdictOf } from './verdict.ts';

/** `tests` is always the sum of the others. */
export interface Counts {
  readonly tests: number;
  readonly pass: number;
  readonly fail: number;
  readonly err: number;
  readonly skip: number;
}

/**
 * Title of the one error case that stands for everything that was planned and never started; undefined when all ran.
 * One case, because thousands of identical errors would bury what was found before the run died.
 */
export function notRunTitle(state: RunState): string | undefined {
  if (!state.planKnown && state.cases.size === 0) return 'not run: the plan was not known yet';
  return state.tally.notRun > 0 ? `not run: ${state.tally.notRun}` : undefined;
}

export function countsOf(state: RunState): Counts {
  const { passed, failed, error, skipped } = state.tally;
  const err = error + (notRunTitle(state) === undefined ? 0 : 1);
  return { tests: passed + failed + err + skipped, pass: passed, fail: failed, err, skip: skipped };
}

function* withVerdict(state: RunState, verdict: string): Generator<CaseState> {
  for (const item of state.cases.values()) if (verdictOf(item) === verdict) yield item;
}

export function flakyCases(state: RunState): CaseState[] {
  return state.tally.flaky === 0 ? [] : [...state.cases.values()].filter(isFlaky);
}

export interface CaseNote {
  readonly item: CaseState;
  readonly text: string;
}

/** Warnings of every attempt; the same words of one case stand once. */
export function warningsOf(state: RunState): CaseNote[] {
  const notes: CaseNote[] = [];
  for (const item of state.cases.values()) {
    const texts = new Set(item.attempts.flatMap((attempt) => attempt.warnings ?? []));
    for (const text of texts) notes.push({ item, text });
  }
  return notes;
}

export function skipsOf(state: RunState): CaseNote[] {
  return [...withVerdict(state, 'skipped')].map((item) => ({
    item,
    text: decidingAttempt(item)?.outcome?.reason ?? 'no reason given',
  }));
}

/** Skips that no configuration announces. An expected failure is announced by its nature. */
export function unplannedSkips(state: RunState): CaseNote[] {
  return skipsOf(state).filter(
    ({ item, text }) => decidingAttempt(item)?.outcome?.planned !== true && !isXfail(text),
  );
}

export function xfailsOf(state: RunState): CaseNote[] {
  return skipsOf(state).filter(({ text }) => isXfail(text));
}

export function isXfail(reason: string): boolean {
  return reason.startsWith('xfail: ');
}
