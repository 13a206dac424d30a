// Asks again until it holds; the limit is only for what never does.
import { setTimeout as sleep } from 'node:timers/promises';

export async function eventually(check: () => Promise<void>, limitMs = 30_000): Promise<void> {
  const until = Date.now() + limitMs;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await sleep(50);
    }
  }
}
