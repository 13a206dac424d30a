// Which key is worked on next. It knows no clock and starts nothing: times come in, keys go out, so every order of events can be tested.
// All times are milliseconds of one monotonic clock.

export interface TakenKey {
  readonly key: string;
  /** When it could have been begun. */
  readonly dueMs: number;
}

export interface WorkQueue {
  /** Work on it as soon as possible. Once is enough for many calls; while it runs, once more afterwards. */
  readonly add: (key: string, nowMs: number) => void;
  /** At `dueMs` at the latest; an earlier time that is already known stays. */
  readonly addAt: (key: string, dueMs: number) => void;
  /** Whatever is added, not before `untilMs`. */
  readonly hold: (key: string, untilMs: number) => void;
  /** The next key that is due and not being worked on; it counts as being worked on until `done`. */
  readonly take: (nowMs: number) => TakenKey | undefined;
  readonly done: (key: string, nowMs: number) => void;
  /** No delayed key is due before; undefined when none is delayed. */
  readonly nextDueMs: () => number | undefined;
  readonly isRunning: (key: string) => boolean;
  readonly running: () => string[];
  /** Keys that could be taken if there were nobody working. */
  readonly waiting: () => number;
}

export function workQueue(): WorkQueue {
  /** Due and not running, in the order in which they became so. */
  const ready = new Map<string, number>();
  const delayed = new Map<string, number>();
  const running = new Set<string>();
  /** Added while running. */
  const again = new Map<string, number>();
  const holds = new Map<string, number>();
  /** Not later than any time in `delayed`; spares looking through it while nothing is due. */
  let earliest = Number.POSITIVE_INFINITY;

  function delay(key: string, dueMs: number): void {
    const due = Math.min(delayed.get(key) ?? Number.POSITIVE_INFINITY, dueMs);
    delayed.set(key, due);
    earliest = Math.min(earliest, due);
  }

  /** Due since `dueMs`, unless it is being worked on, waits already, or is held. */
  function enter(key: string, dueMs: number, nowMs: number): void {
    const heldUntil = holds.get(key) ?? nowMs;
    if (running.has(key)) again.set(key, again.get(key) ?? dueMs);
    else if (ready.has(key)) return;
    else if (heldUntil > nowMs) delay(key, heldUntil);
    else ready.set(key, dueMs);
  }

  function add(key: string, nowMs: number): void {
    delayed.delete(key);
    enter(key, nowMs, nowMs);
  }

  function promote(nowMs: number): void {
    if (earliest > nowMs) return;
    const due = [...delayed].filter(([, at]) => at <= nowMs).sort(([, one], [, other]) => one - other);
    for (const [key, at] of due) {
      delayed.delete(key);
      enter(key, at, nowMs);
    }
    earliest = Number.POSITIVE_INFINITY;
    for (const at of delayed.values()) earliest = Math.min(earliest, at);
  }

  return {
    add,
    addAt: (key, dueMs) => {
      if (ready.has(key) || again.has(key)) return;
      delay(key, Math.max(dueMs, holds.get(key) ?? dueMs));
    },
    hold: (key, untilMs) => void holds.set(key, untilMs),
    take: (nowMs) => {
      promote(nowMs);
      const [next] = ready;
      if (next === undefined) return undefined;
      const [key, dueMs] = next;
      ready.delete(key);
      holds.delete(key);
      running.add(key);
      return { key, dueMs };
    },
    done: (key, nowMs) => {
      running.delete(key);
      if (again.delete(key)) add(key, nowMs);
    },
    nextDueMs: () => (delayed.size === 0 ? undefined : earliest),
    isRunning: (key) => running.has(key),
    running: () => [...running],
    waiting: () => ready.size + again.size,
  };
}
