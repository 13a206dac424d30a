// Work that answers many at once: while it goes on, and for a while after it, all who ask share one answer.

export interface Pace {
  /** Milliseconds from its end until it is done again. */
  readonly everyMs: number;
  /** Milliseconds that only ever grow. */
  readonly now: () => number;
}

/** The first time is `everyMs` after now: what was done at the start is fresh. */
export function atMostEvery(work: () => Promise<unknown>, { everyMs, now }: Pace): () => Promise<unknown> {
  let last: Promise<unknown> = Promise.resolve();
  let dueAt = now() + everyMs;
  return () => {
    if (now() < dueAt) return last;
    dueAt = Number.POSITIVE_INFINITY;
    last = work().finally(() => {
      dueAt = now() + everyMs;
    });
    return last;
  };
}
