// Journals beside a folder, and the lock that says which of them goes on.
import { mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { acquireLock } from '../execution/index.ts';
import { openJournal } from '../journal/index.ts';
import { openStore } from '../store/index.ts';
import { onPostgres } from '../store/testing/each-store.ts';
import { heldAs } from './job.ts';
import { takeInJournals } from './store-access.ts';

onPostgres((server) => {
  test('a run that holds the lock of its folder goes on, however long its journal is silent', async () => {
    const out = mkdtempSync(join(tmpdir(), 'charter-access-'));
    const store = await openStore(server().place(), { schema: 'migrate' });
    const longAgo = new Date(Date.now() - 600_000);
    const shards = { whole: undefined, shard: '1/2', dead: undefined };
    for (const [run, shard] of Object.entries(shards)) {
      const journal = openJournal(join(out, `${run}.jsonl`));
      const properties = shard === undefined ? {} : { shard };
      const at = longAgo.toISOString();
      journal.append({ event: 'run-started', at, run, host: 'h', environment: 'e', properties });
      journal.close();
      utimesSync(journal.path, longAgo, longAgo);
    }
    const locks = [
      await acquireLock(out, `${heldAs('whole')} process 1 on h`),
      await acquireLock(out, `${heldAs('shard')} process 2 on h`, '1/2'),
    ];
    try {
      await takeInJournals(store, { out });
      const rows = await store.db.selectFrom('charter.run_view').select(['id', 'status']).execute();
      expect(Object.fromEntries(rows.map(({ id, status }) => [id, status]))).toEqual({
        ...{ whole: 'running', shard: 'running', dead: 'aborted' },
      });
    } finally {
      for (const lock of locks) await lock.release();
      await store.close();
      rmSync(out, { recursive: true });
    }
  });
});
