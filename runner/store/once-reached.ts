// Asks a database again that nobody has answered for: it may only be starting, or the network of a new Pod is not there yet.
import { setTimeout as sleep } from 'node:timers/promises';
import { isUnreached } from './store-error.ts';

const retryMs = 500;

/** `until`: by performance.now(); the last try begins before. Throws what the last one has thrown, and any other error at once. */
export async function onceReached<Value>(open: () => Promise<Value>, until: number): Promise<Value> {
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!isUnreached(error) || performance.now() + retryMs > until) throw error;
      await sleep(retryMs);
    }
  }
}
