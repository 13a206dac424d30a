// The pace of a run that is written as it goes on, by a clock that the test moves: how late a case is, and how many statements it takes.

import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeClock } from '../../../fixtures/testing/fake-clock.ts';
import { applyEvent, initialState, type JournalEvent } from '../../journal/index.ts';
import type { Store } from '../open.ts';
import { memoryStore } from '../testing/memory-store.ts';
import { runWriter } from './writer.ts';

let memory: Store;
beforeAll(async () => {
  memory = await memoryStore();
}, 120_000);
afterAll(() => memory?.close());

/** What is due by then has been done to its end: a writer that does nothing waits for its next call. */
async function passTo(clock: FakeClock, time: number): Promise<void> {
  clock.pass(time - clock.time);
  while (clock.waiting === 0) await turn();
}

/** A run of `count` cases whose plan is stored; `end` ends the cases from one number to before another, now. */
async function startRun(run: string, count: number) {
  const clock = new FakeClock();
  let statements = 0;
  const counted: Store = {
    ...memory,
    db: memory.db.withPlugin({
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        statements += 1;
        return result;
      },
    }),
  };
  const writer = runWriter({
    ...{ open: async () => counted, need: 'optional', finishMs: 5_000, beatMs: 5_000, clock },
    ...{ journal: 'run.jsonl', tell: () => {} },
  });
  const state = initialState();
  const at = '2026-01-01T00:00:00.000Z';
  const tell = (event: JournalEvent) => writer.onEvent(event, applyEvent(state, event));
  const planned = (id: number) => ({
    ...{
      key: `C-1/${id}`,
      campaign: 'C-1',
      id: `${id}`,
      title: 'a case',
      file: 'c.ts',
      tags: [],
      targets: [],
    },
  });
  tell({ event: 'run-started', at, run, host: 'h', environment: 'pace', properties: {} });
  tell({ event: 'planned', at, cases: Array.from({ length: count }, (_, id) => planned(id)) });
  await passTo(clock, 0);
  const end = (from: number, to: number) => {
    for (let id = from; id < to; id++) {
      const outcome = { verdict: 'passed' } as const;
      tell({ event: 'case-ended', at, key: `C-1/${id}`, attempt: 1, durationMs: 1, outcome });
    }
  };
  const stored = async () => {
    const rows = memory.db.selectFrom('charter.attempt').select('case_id').where('run_id', '=', run);
    return (await rows.execute()).length;
  };
  return { clock, end, stored, statements: () => statements };
}

test('a case is stored at most a second after it ended, however long the run was silent before', async () => {
  // Milliseconds: together, one after the other, and after silences that are shorter and longer than a beat.
  const ends = [300, 300, 350, 800, 1_350, 2_900, 4_800, 5_200, 12_000, 12_100, 12_700, 30_050];
  const { clock, end, stored } = await startRun('pace', ends.length);
  const late: number[] = [];
  for (let time = 50; late.length < ends.length && time < 60_000; time += 50) {
    await passTo(clock, time);
    for (const endedAt of ends.slice(late.length, await stored())) late.push(time - endedAt);
    for (const [id, endedAt] of ends.entries()) if (endedAt === time) end(id, id + 1);
  }
  expect(late.length).toBe(ends.length);
  expect(Math.max(...late), `late by ${late.join(', ')} ms`).toBeLessThanOrEqual(1_000);
});

test('cases that end together are one statement', async () => {
  const { clock, end, stored, statements } = await startRun('together', 300);
  for (const [batch, time] of [1_000, 2_000, 9_000].entries()) {
    await passTo(clock, time);
    const before = statements();
    end(batch * 100, batch * 100 + 100);
    await passTo(clock, time + 500);
    expect([await stored(), statements() - before]).toEqual([batch * 100 + 100, 1]);
  }
});
