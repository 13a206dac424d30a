// Cases that never wait for anything would keep timers, sockets and vitest's own watchdog waiting for as long as they follow each
// other; the worker therefore gives the event loop a turn between two cases now and then.
const longestMs = 50;
let lastTurn = performance.now();

export async function breathe(): Promise<void> {
  if (performance.now() - lastTurn < longestMs) return;
  await new Promise((resolve) => setImmediate(resolve));
  lastTurn = performance.now();
}
