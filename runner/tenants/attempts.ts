// How long after a failure the same thing is not tried again. Kept beside the queue's own backoff: a watch event may call a reconcile at any
// moment, and must not cut that time short. Forgotten at a restart, and as soon as something else is asked for.
import type { Clock } from '../kube/index.ts';
import type { StatusChange } from './status.ts';

/** What fails and cools by itself: a rollout, its tests or its end; the correction of what was changed by hand. */
export type Tried = 'release' | 'drift';

export interface Attempts {
  /** `what` says what would be tried: another text is another attempt. */
  readonly state: (key: string, what: string, tried?: Tried) => 'due' | 'cooling';
  /** `said`: what the status says of it, so that it can be said again after something else has been. */
  readonly failed: (key: string, what: string, said: StatusChange, tried?: Tried) => void;
  readonly said: (key: string, what: string, tried?: Tried) => StatusChange | undefined;
  /** Without `tried`: all of it. */
  readonly succeeded: (key: string, tried?: Tried) => void;
  /** Milliseconds until the next try; 0 when it is due. */
  readonly remainingMs: (key: string, tried?: Tried) => number;
}

interface Failure {
  readonly what: string;
  readonly said: StatusChange;
  readonly count: number;
  readonly until: number;
}

const firstMs = 2_000;
const longestMs = 300_000;

export function attempts(clock: Clock): Attempts {
  const failures: Readonly<Record<Tried, Map<string, Failure>>> = { release: new Map(), drift: new Map() };
  const remainingMs = (key: string, tried: Tried = 'release') =>
    Math.max(0, (failures[tried].get(key)?.until ?? 0) - clock.monotonicMs());
  return {
    state: (key, what, tried = 'release') => {
      const known = failures[tried].get(key);
      return known?.what === what && remainingMs(key, tried) > 0 ? 'cooling' : 'due';
    },
    failed: (key, what, said, tried = 'release') => {
      const known = failures[tried].get(key);
      const count = known?.what === what ? known.count + 1 : 1;
      const delay = Math.min(firstMs * 2 ** (count - 1), longestMs);
      failures[tried].set(key, { what, said, count, until: clock.monotonicMs() + delay });
    },
    said: (key, what, tried = 'release') => {
      const known = failures[tried].get(key);
      return known?.what === what ? known.said : undefined;
    },
    succeeded: (key, tried) => {
      for (const one of tried === undefined ? (['release', 'drift'] as const) : [tried])
        failures[one].delete(key);
    },
    remainingMs,
  };
}
