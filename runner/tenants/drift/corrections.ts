// What has been corrected again and again is set back by somebody: a controller, a pipeline. It goes on being corrected, ever more slowly, so that
// the two of them do not keep an API server busy.
import type { Clock } from '../../kube/index.ts';

export interface Corrections {
  /** Milliseconds until this difference of this Tenant's release may be corrected again; 0 when it may be now. */
  readonly waitMs: (key: string, what: string) => number;
  readonly corrected: (key: string, what: string) => void;
  readonly forget: (key: string) => void;
}

/** One after the other without a wait: people make a mistake twice. */
const free = 8;
const firstMs = 2_000;
const longestMs = 300_000;
/** Without a correction for this long, whoever set it back has given up. */
const peaceMs = 600_000;

export function corrections(clock: Clock): Corrections {
  const made = new Map<string, Map<string, { readonly count: number; readonly lastMs: number }>>();

  function recent(key: string, what: string) {
    const known = made.get(key)?.get(what);
    return known !== undefined && clock.monotonicMs() - known.lastMs < peaceMs ? known : undefined;
  }

  return {
    waitMs: (key, what) => {
      const { count = 0, lastMs = 0 } = recent(key, what) ?? {};
      if (count < free) return 0;
      const delay = Math.min(firstMs * 2 ** (count - free), longestMs);
      return Math.max(0, lastMs + delay - clock.monotonicMs());
    },
    corrected: (key, what) => {
      const now = clock.monotonicMs();
      const kept = [...(made.get(key) ?? [])].filter(([, { lastMs }]) => now - lastMs < peaceMs);
      const count = (recent(key, what)?.count ?? 0) + 1;
      made.set(key, new Map([...kept, [what, { count, lastMs: now }]]));
    },
    forget: (key) => void made.delete(key),
  };
}
