// Time as an edge that is passed in, so that a test can hold it in its hand.

export interface Clock {
  /** Time of day, for what is written into objects. */
  readonly now: () => Date;
  /** Milliseconds that only ever grow, for delays and deadlines; unmoved when the time of day is set. */
  readonly monotonicMs: () => number;
  /** Calls once after `ms` milliseconds, unless what it returns is called first. */
  readonly after: (ms: number, call: () => void) => () => void;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `ms`, or as soon as the signal is aborted. It never rejects: whoever waits looks at the signal. */
export function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = () => {
      cancel();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(ms, end);
    signal?.addEventListener('abort', end, { once: true });
  });
}
