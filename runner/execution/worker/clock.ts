// The clock as it was before any campaign could put another one in its place.

/** Milliseconds, for durations. */
export const elapsed = performance.now.bind(performance);
/** Epoch milliseconds. */
export const now = Date.now.bind(Date);
/** Settles after one turn of the event loop. */
export const turn = (
  (soon) => () =>
    new Promise<void>((resolve) => soon(() => resolve()))
)(setImmediate);
/** Milliseconds first. */
export const every = (
  (repeat) => (ms: number, act: () => void) =>
    repeat(act, ms)
)(setInterval);
