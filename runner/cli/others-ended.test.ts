// Of which shards the first one knows that they have ended. What becomes of real ones: isolated-shards.soak.ts.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type JournalEvent, openJournal } from '../journal/index.ts';
import { othersOf } from './others-ended.ts';

let out = '';
beforeEach(() => {
  vi.stubEnv('CHARTER_JOB_UID', 'uid');
  out = mkdtempSync(join(tmpdir(), 'charter-others-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(out, { recursive: true, force: true });
});

/** Writes a journal whose last word is so many milliseconds old. */
function wrote(shard: number, msAgo: number, end?: { exitCode: number; reason: string }): string {
  const path = join(out, `charter-${shard}.jsonl`);
  const at = new Date(Date.now() - msAgo).toISOString();
  const properties = { job: 'uid', shard: `${shard}/3` };
  const events: JournalEvent[] = [
    { event: 'run-started', at, run: 'r', host: 'h', environment: 'e', properties },
    ...(end === undefined ? [] : [{ event: 'run-ended', at, ...end } as const]),
  ];
  rmSync(path, { force: true });
  const journal = openJournal(path);
  for (const event of events) journal.append(event);
  journal.close();
  return path;
}

function missing(journal: string, reason?: string): Promise<string | undefined> | undefined {
  const flags = { out, merge: true, shard: { index: 1, count: 3 } } as const;
  const signal = reason === undefined ? new AbortController().signal : AbortSignal.abort(reason);
  return othersOf(flags, { journal, aside: () => {} })?.(signal);
}

const completed = { exitCode: 0, reason: 'completed' };
const minutes = 60_000;

test('those that completed, met their deadline, were refused or lost the lock run nothing any more', async () => {
  wrote(2, 0, { exitCode: 6, reason: 'the run lock is held by Job monday' });
  wrote(3, 0, { exitCode: 7, reason: 'lost the run lock to another' });
  expect(await missing(wrote(1, 0))).toBeUndefined();
  wrote(2, 0, { exitCode: 7, reason: 'deadline' });
  wrote(3, 0, completed);
  expect(await missing(wrote(1, 0))).toBeUndefined();
});

test('one that runs, or may be replaced, is missing when the wait ends', async () => {
  wrote(2, 0);
  wrote(3, 0, { exitCode: 7, reason: 'interrupted by SIGTERM' });
  expect(await missing(wrote(1, 0), 'deadline')).toBe(
    'deadline: waited for shards 2 (running), 3 (interrupted)',
  );
});

test('one that never comes is waited for as long as the lock is kept for it', async () => {
  wrote(2, 5 * minutes, completed);
  expect(await missing(wrote(1, 5 * minutes))).toBe(
    'no shard has said anything for five minutes: waited for shards 3 (no journal yet)',
  );
});

test('a shard that merges nothing waits for nobody', () => {
  const merge = { out, merge: true, shard: { index: 2, count: 3 } } as const;
  const alone = { out, shard: { index: 1, count: 3 } };
  for (const flags of [merge, alone])
    expect(othersOf(flags, { journal: '', aside: () => {} })).toBeUndefined();
});
