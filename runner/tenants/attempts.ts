// How long after a failure the same thing is not tried again. Kept beside the queue's own backoff: a watch event may call a reconcile at any
// moment, and must not cut that time short. Forgotten at a restart, and as soon as something else is asked for.
import type { Clock } from '../kube/index.ts';

export interface Attempts {
  /** `what` says what would be tried: another text is another attempt. */
  readonly state: (key: string, what: string) => 'due' | 'cooling';
  readonly failed: (key: string, what: string) => void;
  readonly succeeded: (key: string) => void;
  /** Milliseconds until the next try; 0 when it is due. */
  readonly remainingMs: (key: string) => number;
}

const firstMs = 2_000;
const longestMs = 300_000;

export function attempts(clock: Clock): Attempts {
  const failures = new Map<
    string,
    { readonly what: string; readonly count: number; readonly until: number }
  >();
  const remainingMs = (key: string) => Math.max(0, (failures.get(key)?.until ?? 0) - clock.monotonicMs());
  return {
    state: (key, what) => {
      const known = failures.get(key);
      return known?.what === what && remainingMs(key) > 0 ? 'cooling' : 'due';
    },
    failed: (key, what) => {
      const known = failures.get(key);
      const count = known?.what === what ? known.count + 1 : 1;
      const delay = Math.min(firstMs * 2 ** (count - 1), longestMs);
      failures.set(key, { what, count, until: clock.monotonicMs() + delay });
    },
    succeeded: (key) => void failures.delete(key),
    remainingMs,
  };
}
