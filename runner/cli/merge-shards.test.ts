// How long the first shard waits, and what it holds meanwhile. What becomes of real Pods: sharded-runs.test.ts.
import { appendFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fold, openJournal, readJournal } from '../journal/index.ts';
import { mergeShards } from './merge-shards.ts';

let out = '';
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'charter-merge-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

/** Writes the journal of a shard that ended so many milliseconds ago. */
function ended(shard: number, msAgo: number): string {
  const path = join(out, `charter-${shard}.jsonl`);
  const at = new Date(Date.now() - msAgo).toISOString();
  const properties = { job: 'uid', shard: `${shard}/2` };
  const journal = openJournal(path);
  journal.append({ event: 'run-started', at, run: 'r', host: 'h', environment: 'e', properties });
  journal.append({ event: 'planned', at, cases: [] });
  journal.append({ event: 'run-ended', at, exitCode: 0, reason: 'completed' });
  journal.close();
  return path;
}

async function merge(journal: string): Promise<{ told: string[]; left: number; complete: boolean }> {
  const told: string[] = [];
  let left = 0;
  const leaveLock = async () => {
    left += 1;
  };
  const { complete } = await mergeShards({
    ...{ out, journal, count: 2, job: { uid: 'uid' }, until: Date.now() + 1_200, leaveLock },
    signal: new AbortController().signal,
    tell: (text) => told.push(text),
  });
  return { told, left, complete };
}

const minutes = 60_000;

test('a shard of which nothing was heard for minutes is waited for without the lock', async () => {
  const { told, left, complete } = await merge(ended(1, 5 * minutes));
  expect({ left, complete }).toEqual({ left: 1, complete: false });
  expect(told.filter((line) => line.startsWith('gives up the run lock'))).toHaveLength(1);
});

test('isolated cases that the first shard gave up meanwhile keep the lock no longer', async () => {
  const path = ended(1, 5 * minutes);
  const outcome = { verdict: 'error', failure: { kind: 'not-isolated', message: 'waited' } } as const;
  const at = new Date().toISOString();
  const event = { event: 'case-ended', at, key: 'A/1', attempt: 1, durationMs: 0, outcome };
  appendFileSync(path, `${JSON.stringify(event)}\n`);
  expect(await merge(path)).toMatchObject({ left: 1, complete: false });
});

test('the lock is kept for a Pod that is still to start', async () => {
  expect(await merge(ended(1, 4 * minutes))).toMatchObject({ left: 0, complete: false });
});

test('where all have ended nobody is waited for', async () => {
  ended(2, 5 * minutes);
  expect(await merge(ended(1, 5 * minutes))).toEqual({ told: [], left: 0, complete: true });
});

test('what a merge that was killed has left of its draft is no part of the next one', async () => {
  const at = new Date().toISOString();
  const outcome = { verdict: 'error', failure: { kind: 'interrupted', message: 'no journal' } };
  const early = { event: 'case-ended', at, key: 'charter/shard 2/2', attempt: 1, durationMs: 0, outcome };
  const merged = join(out, 'charter-uid-merged.jsonl');
  const draft = join(out, '.charter-uid-merged.jsonl.tmp');
  writeFileSync(draft, `${JSON.stringify(early)}\n{"event":"case-en`);
  ended(2, 5 * minutes);
  await merge(ended(1, 5 * minutes));
  const { events, torn } = readJournal(merged);
  expect({ torn, cases: fold(events).cases.size }).toEqual({ torn: 0, cases: 0 });
  expect(existsSync(draft)).toBe(false);
});
