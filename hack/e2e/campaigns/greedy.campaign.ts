// Takes all the memory its container may have, when the run is well on its way.
import { setTimeout as sleep } from 'node:timers/promises';
import { campaign } from 'charter-runner';

const chunk = 32 * 1_024 ** 2;

campaign('GREEDY', 'A campaign that wants too much', (c) => {
  c.case('GREEDY.1', 'keeps what it takes', { retry: 'never', timeoutMs: 60_000 }, async () => {
    await sleep(3_000);
    const kept: Buffer[] = [];
    for (;;) {
      // Filled, so that it is more than an address.
      kept.push(Buffer.alloc(chunk, 1));
      await sleep(5);
    }
  });
});
