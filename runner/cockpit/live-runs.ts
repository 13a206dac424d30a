// Readers of a live page share one look at the store per run and second, however many of them there are.
import type { RunHead } from '../store/index.ts';

export interface LiveRuns {
  /** Calls back at once and after each change, until `stop` is called. Undefined: too many readers already. */
  readonly watch: (run: string, tell: (head: RunHead | undefined) => void) => (() => void) | undefined;
  readonly close: () => void;
}

export interface LiveRunsOptions {
  readonly read: (run: string) => Promise<RunHead | undefined>;
  readonly everyMs: number;
  readonly mostReaders: number;
  /** `setInterval`, so that tests have a clock of their own. */
  readonly repeat: (act: () => void, everyMs: number) => { readonly stop: () => void };
}

interface Watched {
  readonly readers: Set<(head: RunHead | undefined) => void>;
  readonly clock: { readonly stop: () => void };
  isReading: boolean;
}

export function liveRuns({ read, everyMs, mostReaders, repeat }: LiveRunsOptions): LiveRuns {
  const watched = new Map<string, Watched>();
  let count = 0;

  const look = async (run: string): Promise<void> => {
    const one = watched.get(run);
    // A slow database is not asked again before it has answered.
    if (one === undefined || one.isReading) return;
    one.isReading = true;
    try {
      const head = await read(run);
      for (const tell of one.readers) tell(head);
    } catch {
      // The database is away: readers keep what they see, and the next look may find it back.
    } finally {
      one.isReading = false;
    }
  };

  return {
    watch: (run, tell) => {
      if (count >= mostReaders) return undefined;
      count += 1;
      const known = watched.get(run);
      const one = known ?? {
        readers: new Set<(head: RunHead | undefined) => void>(),
        clock: repeat(() => void look(run), everyMs),
        isReading: false,
      };
      watched.set(run, one);
      one.readers.add(tell);
      void look(run);
      return () => {
        if (!one.readers.delete(tell)) return;
        count -= 1;
        if (one.readers.size > 0) return;
        one.clock.stop();
        watched.delete(run);
      };
    },
    close: () => {
      for (const { clock } of watched.values()) clock.stop();
      watched.clear();
    },
  };
}
