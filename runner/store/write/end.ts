// The end of a run as the store keeps it, from its folded state.
import { countsOf, exitCodeOf, isProduction, type RunState } from '../../journal/index.ts';
import type { End } from './statements.ts';

/** Undefined for a run whose end was not recorded: it is shown as running or aborted, never as green. */
export function endOf(state: RunState): End | undefined {
  if (state.ended === undefined) return undefined;
  const { at, reason } = state.ended;
  const { pass, fail, err, skip } = countsOf(state);
  const exitCode = exitCodeOf(state, { production: isProduction(state) });
  return { at, reason, exitCode, counts: { pass, fail, err, skip } };
}
