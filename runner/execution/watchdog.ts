// Notices work that neither ends nor times out by itself: a worker caught in a loop cannot run its own timers.

/** Timers fire before what has arrived meanwhile is read: a supervisor that was busy looks once more before it accuses. */
const lookAgainMs = 250;

export interface Watchdog {
  readonly start: (name: string, ms: number) => void;
  readonly end: (name: string) => void;
  readonly close: () => void;
}

/** Calls `onStuck` when something started has not ended `graceMs` after its own time. */
export function watchdog(onStuck: (name: string, ms: number) => void, graceMs: number): Watchdog {
  const timers = new Map<string, NodeJS.Timeout>();
  const end = (name: string) => {
    clearTimeout(timers.get(name));
    timers.delete(name);
  };
  return {
    start: (name, ms) => {
      end(name);
      const late = () =>
        timers.set(
          name,
          setTimeout(() => onStuck(name, ms + graceMs), lookAgainMs),
        );
      timers.set(name, setTimeout(late, ms + graceMs));
    },
    end,
    close: () => {
      for (const name of [...timers.keys()]) end(name);
    },
  };
}
