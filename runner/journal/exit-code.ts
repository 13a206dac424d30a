// The exit code that the events of a run call for. Codes 5 and 6 belong to the caller: an end may record 5, and no other event knows them.
import { countsOf, unplannedSkips } from './counts.ts';
import type { RunState } from './state.ts';

export interface ExitCodeOptions {
  /** Unplanned skips end the run with 3. */
  readonly production: boolean;
}

const usage = 2;

/**
 * 2 as recorded; 7 interrupted, deadline, or no end recorded; 1 a case failed; 4 errors only; 3 nothing was proven; 0 all well, also
 * by the recorded end: a disk that was full for a moment keeps the line of a red case from the journal, and takes that of the end.
 */
export function exitCodeOf(state: RunState, { production }: ExitCodeOptions): number {
  if (state.ended?.exitCode === usage) return usage;
  if (wasInterrupted(state)) return 7;
  return codeOfCases(state, { production }) || (state.ended?.exitCode ?? 0);
}

/** 0, or why the cases alone do not let the run be green. */
export function codeOfCases(state: RunState, { production }: ExitCodeOptions): number {
  const { tests, pass, fail, err } = countsOf(state);
  if (fail > 0) return 1;
  if (err > 0) return 4;
  if (tests === 0 || pass === 0) return 3;
  if (production && unplannedSkips(state).length > 0) return 3;
  return 0;
}

/** The reason of a run's end starts with `interrupted` or `deadline` when it was cut short. */
export function wasInterrupted(state: RunState): boolean {
  return (
    state.ended === undefined ||
    state.ended.exitCode === 7 ||
    /^(interrupted|deadline)/.test(state.ended.reason)
  );
}

/** Production mode as `run-started` recorded it, for a report that is rebuilt without charter.yaml. */
export function isProduction(state: RunState): boolean {
  return state.properties.get('production') === 'true';
}
