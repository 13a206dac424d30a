// Notices work that neither ends nor times out by itself: a worker that never says a word, that is caught in a loop and cannot run its
// own timers, or that said its last word and stays.

/** Timers fire before what has arrived meanwhile is read: a supervisor that was busy looks once more before it accuses. */
const lookAgainMs = 250;

export interface Watchdog {
  readonly start: (name: string, ms: number) => void;
  readonly end: (name: string) => void;
  /** Watches nothing any more, whatever is still started. */
  readonly close: () => void;
}

/** Calls `onStuck` when something started has not ended within its time. */
export function watchdog(onStuck: (name: string, ms: number) => void): Watchdog {
  const timers = new Map<string, NodeJS.Timeout>();
  let closed = false;
  const end = (name: string) => {
    clearTimeout(timers.get(name));
    timers.delete(name);
  };
  return {
    start: (name, ms) => {
      end(name);
      if (closed) return;
      const late = () =>
        timers.set(
          name,
          setTimeout(() => onStuck(name, ms), lookAgainMs),
        );
      timers.set(name, setTimeout(late, ms));
    },
    end,
    close: () => {
      closed = true;
      for (const name of [...timers.keys()]) end(name);
    },
  };
}
