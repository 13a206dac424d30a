// Cases that never wait for anything would keep timers and sockets waiting for as long as they follow each
// other; the worker therefore gives the event loop a turn between two cases now and then.
import { elapsed, turn } from './clock.ts';

const longestMs = 50;
let lastTurn = elapsed();

export async function breathe(): Promise<void> {
  if (elapsed() - lastTurn < longestMs) return;
  await turn();
  lastTurn = elapsed();
}
