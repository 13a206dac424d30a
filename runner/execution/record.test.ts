// Who follows a run learns before its own end whether the report is written: a run that ends with 5 must not be kept as green.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  exitCodeOf,
  fold,
  type JournalEvent,
  openJournal,
  type RunState,
  readJournal,
} from '../journal/index.ts';
import { type NewEvent, type RunSink, recorder } from './record.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'charter-record-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const ended = (exitCode: number): NewEvent => ({ event: 'run-ended', exitCode, reason: 'completed' });
const codeOf = (state: RunState): number => exitCodeOf(state, { production: false });

/** A green run; `finish` is what its report does at its end. */
async function end(finish: RunSink['finish'], followerFails: RunSink['finish'] = () => {}) {
  const journal = openJournal(join(folder, 'run.jsonl'));
  const afterReport: JournalEvent[] = [];
  let isReported = false;
  let kept: number | undefined;
  const report: RunSink = {
    onEvent: (event) => isReported && afterReport.push(event),
    finish: (state) => {
      isReported = true;
      return finish(state);
    },
  };
  const follower: RunSink = {
    onEvent: () => {},
    finish: (state) => {
      kept = codeOf(state);
      return followerFails(state);
    },
  };
  const records = recorder({ journal, sinks: [report], followers: [follower], redact: (event) => event });
  const key = 'C/1';
  records.record({ event: 'case-ended', key, attempt: 1, durationMs: 1, outcome: { verdict: 'passed' } });
  const unwritten = await records.finish(ended(0), ended(5));
  const { events } = readJournal(journal.path);
  const ends = events.flatMap((event) => (event.event === 'run-ended' ? [event.exitCode] : []));
  const lost = [unwritten.report.length, unwritten.followers.length];
  return { lost, kept, told: codeOf(fold(events)), ends, afterReport };
}

const fails = () => {
  throw new Error('no space left on device');
};

test('a report that is written: everybody says green', async () => {
  expect(await end(() => {})).toEqual({ lost: [0, 0], kept: 0, told: 0, ends: [0], afterReport: [] });
});

test('a report that is not written: journal and followers say 5 and never said green, and the report hears nothing more', async () => {
  expect(await end(fails)).toEqual({ lost: [1, 0], kept: 5, told: 5, ends: [5], afterReport: [] });
});

test('a follower that cannot keep the run says nothing about its report: the journal brings the run in later', async () => {
  expect(await end(() => {}, fails)).toEqual({ lost: [0, 1], kept: 0, told: 0, ends: [0], afterReport: [] });
});
