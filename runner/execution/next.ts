// Pure: what the next round runs, from what the rounds before it left behind.
import type { Retry } from '../campaign/index.ts';
import { type RunState, verdictOf } from '../journal/index.ts';

export interface NextRound {
  /** Attempt number of each case to run. */
  readonly attempts: Readonly<Record<string, number>>;
  /** `alone` runs one case at a time, to find out which of several brought the worker down. */
  readonly mode: 'together' | 'alone';
}

export interface Standing {
  readonly state: RunState;
  /** Cases that ran side by side when a worker died; one of them did it. */
  readonly suspects: ReadonlySet<string>;
  /** Retries a failed or error case gets once all others have ended. */
  readonly retry: number;
  /** Which ends of a case are tried again. */
  readonly rules: ReadonlyMap<string, Retry>;
  /** Cases that no round can run (a campaign file that cannot be imported), or none yet. */
  readonly unrunnable: ReadonlySet<string>;
}

/** Suspects first, each alone; then what never ran; then retries; undefined when nothing is left. */
export function nextRound({ state, suspects, retry, rules, unrunnable }: Standing): NextRound | undefined {
  const together: Record<string, number> = {};
  const alone: Record<string, number> = {};
  const again: Record<string, number> = {};
  for (const [key, item] of state.cases) {
    if (unrunnable.has(key)) continue;
    const ended = item.attempts.filter((attempt) => attempt.outcome !== undefined).length;
    const due = ended === 0 || (ended <= retry && mayRetry(verdictOf(item), rules.get(key)));
    if (!due) continue;
    if (suspects.has(key)) alone[key] = ended + 1;
    else (ended === 0 ? together : again)[key] = ended + 1;
  }
  if (Object.keys(alone).length > 0) return { attempts: alone, mode: 'alone' };
  if (Object.keys(together).length > 0) return { attempts: together, mode: 'together' };
  if (Object.keys(again).length > 0) return { attempts: again, mode: 'together' };
  return undefined;
}

function mayRetry(verdict: ReturnType<typeof verdictOf>, rule: Retry = 'as configured'): boolean {
  if (rule === 'never') return false;
  return verdict === 'error' || (verdict === 'failed' && rule === 'as configured');
}
