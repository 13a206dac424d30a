// Runs until somebody ends it: for a check whose time must not depend on how fast the machine is.
import { setTimeout as sleep } from 'node:timers/promises';
import { campaign } from 'charter-runner';

campaign('ENDLESS', 'A campaign that takes its time', (c) => {
  c.case('ENDLESS.1', 'waits', { retry: 'never', timeoutMs: 600_000 }, async ({ signal }) => {
    await sleep(600_000, undefined, { signal });
  });
});
