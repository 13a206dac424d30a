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
  /** The keys that one worker holds together with this one. */
  readonly beside: (key: string) => Pick<ReadonlySet<string>, 'has'>;
}

/** Suspects first, each alone; then what never ran; then retries; undefined when nothing is left. Of either, what one worker holds. */
export function nextRound(standing: Standing): NextRound | undefined {
  const { state, suspects, retry, rules, unrunnable } = standing;
  const [alone, together, again] = [new Due(standing), new Due(standing), new Due(standing)];
  for (const [key, item] of state.cases) {
    if (unrunnable.has(key)) continue;
    const ended = item.attempts.filter((attempt) => attempt.outcome !== undefined).length;
    const due = ended === 0 || (ended <= retry && mayRetry(verdictOf(item), rules.get(key)));
    if (!due) continue;
    const into = suspects.has(key) ? alone : ended === 0 ? together : again;
    into.add(key, ended + 1);
  }
  if (alone.isAny) return { attempts: alone.attempts, mode: 'alone' };
  const next = [together, again].find(({ isAny }) => isAny);
  return next === undefined ? undefined : { attempts: next.attempts, mode: 'together' };
}

/** Of what is due no more than one worker holds: each round of 100,000 cases would list nearly all of them. */
class Due {
  readonly #standing: Standing;
  #beside: Pick<ReadonlySet<string>, 'has'> | undefined;
  readonly attempts: Record<string, number> = {};

  constructor(standing: Standing) {
    this.#standing = standing;
  }

  get isAny(): boolean {
    return this.#beside !== undefined;
  }

  add(key: string, attempt: number): void {
    this.#beside ??= this.#standing.beside(key);
    if (this.#beside.has(key)) this.attempts[key] = attempt;
  }
}

function mayRetry(verdict: ReturnType<typeof verdictOf>, rule: Retry = 'as configured'): boolean {
  if (rule === 'never') return false;
  return verdict === 'error' || (verdict === 'failed' && rule === 'as configured');
}
