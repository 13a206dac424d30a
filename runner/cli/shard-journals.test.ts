// Which journal speaks for a shard, and how one is told that never came.
import { describe, expect, test } from 'vitest';
import { countsOf, exitCodeOf, fold, type JournalEvent, mergeEvents } from '../journal/index.ts';
import {
  isOver,
  journalsByShard,
  keepsLockUntil,
  type ShardJournal,
  standingOf,
  toldEvents,
} from './shard-journals.ts';

const at = (second: number) => new Date(Date.UTC(2026, 10, 21, 4, 0, second)).toISOString();

interface Written {
  readonly path: string;
  readonly shard?: string;
  readonly job?: string;
  readonly from: number;
  readonly end?: 'completed' | 'interrupted by SIGTERM' | 'deadline' | 'lost the run lock to another';
}

function journal({ path, shard = '2/3', job = 'uid', from, end }: Written): ShardJournal {
  const start = { event: 'run-started', run: 'r', host: 'pod', environment: 'e' } as const;
  const planned = { key: `C/${shard}`, campaign: 'C', id: shard, title: '', file: '', tags: [], targets: [] };
  const events: JournalEvent[] = [
    { ...start, at: at(from), properties: { job, shard } },
    { event: 'planned', at: at(from), cases: [planned] },
    {
      event: 'case-ended',
      at: at(from + 1),
      ...{ key: planned.key, attempt: 1, durationMs: 1, outcome: { verdict: 'passed' } },
    },
  ];
  if (end !== undefined)
    events.push({
      event: 'run-ended',
      at: at(from + 2),
      exitCode: end === 'completed' ? 0 : 7,
      reason: end,
    });
  return { path, events };
}

/** Of a shard that never had the lock. */
function refusal(path: string, { exitCode, reason }: { exitCode: number; reason: string }): ShardJournal {
  const [start] = journal({ path, from: 9 }).events;
  const ended = { event: 'run-ended', at: at(9), exitCode, reason } as const;
  return { path, events: start === undefined ? [] : [start, ended] };
}
const locked = { exitCode: 6, reason: 'the run lock is held by Job monday' };
const signalled = { exitCode: 7, reason: 'interrupted by SIGTERM while it waited for the run lock' };

const chosen = (...journals: ShardJournal[]) =>
  Object.fromEntries(
    [...journalsByShard(journals, { job: 'uid', count: 3 })].map(([index, { path }]) => [index, path]),
  );

describe('of the journals in the folder', () => {
  test('only those of the Job and of as many shards count', () => {
    expect(
      chosen(
        journal({ path: 'mine', from: 0 }),
        journal({ path: 'of another Job', job: 'other', shard: '1/3', from: 0 }),
        journal({ path: 'of another cut', shard: '1/2', from: 0 }),
        journal({ path: 'merged', shard: '1/3, 2/3', from: 0 }),
        { path: 'empty', events: [] },
      ),
    ).toEqual({ 2: 'mine' });
  });

  test.each<[string, Written[], string]>([
    [
      'the ended one of a replaced Pod',
      [
        { path: 'killed', from: 5 },
        { path: 'ended', from: 1, end: 'completed' },
      ],
      'ended',
    ],
    [
      'the one that came to its end before one that was interrupted',
      [
        { path: 'evicted', from: 5, end: 'interrupted by SIGTERM' },
        { path: 'ended', from: 1, end: 'completed' },
      ],
      'ended',
    ],
    [
      'the newer of two alike',
      [
        { path: 'newer', from: 5 },
        { path: 'older', from: 1 },
      ],
      'newer',
    ],
  ])('%s speaks', (_name, written, path) => {
    expect(chosen(...written.map(journal))).toEqual({ 2: path });
    expect(chosen(...written.toReversed().map(journal))).toEqual({ 2: path });
  });

  test.each([
    ['refused', locked],
    ['interrupted while it waited', signalled],
  ])('one that was %s speaks only where no other has begun', (_name, end) => {
    const refused = refusal('refused', end);
    const running = journal({ path: 'running', from: 1 });
    expect(chosen(refused, running)).toEqual({ 2: 'running' });
    expect(chosen(running, refused)).toEqual({ 2: 'running' });
    expect(chosen(refused)).toEqual({ 2: 'refused' });
  });

  test('the first shard waits for a Pod that may be replaced, and for none that was refused or lost the lock', () => {
    expect([
      isOver(undefined),
      isOver(refusal('', locked)),
      isOver(refusal('', signalled)),
      isOver(journal({ path: '', from: 0, end: 'lost the run lock to another' })),
      isOver(journal({ path: '', from: 0 })),
    ]).toEqual([false, true, false, true, false]);
  });

  test('the lock is kept for five minutes after the last word of any shard', () => {
    const journals = [journal({ path: '', from: 0, end: 'completed' }), journal({ path: '', from: 20 })];
    expect(keepsLockUntil(journals)).toBe(Date.parse(at(21)) + 300_000);
  });

  test('an interrupted shard may be replaced, one that met its deadline will not', () => {
    const standing = (end?: Written['end']) =>
      standingOf(journal({ path: '', from: 0, ...(end === undefined ? {} : { end }) }).events);
    expect([
      standing(),
      standing('interrupted by SIGTERM'),
      standing('deadline'),
      standing('completed'),
    ]).toEqual(['open', 'interrupted', 'final', 'final']);
  });
});

describe('the merged run', () => {
  const missed = { shard: '2/3', because: 'deadline', lookedIn: '/out', at: at(30) };
  const one = journal({ path: '', shard: '1/3', from: 0, end: 'completed' }).events;
  const merged = (events: readonly JournalEvent[] | undefined) =>
    fold(mergeEvents([one, toldEvents(events, missed)]));

  test('has an error for a shard without a journal, and was cut short', () => {
    const state = merged(undefined);
    expect(countsOf(state)).toEqual({ tests: 2, pass: 1, fail: 0, err: 1, skip: 0 });
    expect(exitCodeOf(state, { production: false })).toBe(7);
    expect(state.ended?.reason).toBe('deadline: shard 2/3 left no journal');
    const [attempt] = state.cases.get('charter/shard 2/3')?.attempts ?? [];
    expect(attempt?.outcome?.failure?.message).toContain('shard 2/3: no journal in /out');
  });

  test('has what a dead shard wrote, and an error for its missing end', () => {
    const state = merged(journal({ path: '', from: 3 }).events);
    expect(countsOf(state)).toEqual({ tests: 3, pass: 2, fail: 0, err: 1, skip: 0 });
    expect(exitCodeOf(state, { production: false })).toBe(7);
  });

  test('has an error for a shard that ended before its plan', () => {
    const events = journal({ path: '', from: 3, end: 'interrupted by SIGTERM' }).events;
    const state = merged(events.filter(({ event }) => event === 'run-started' || event === 'run-ended'));
    expect(countsOf(state)).toEqual({ tests: 2, pass: 1, fail: 0, err: 1, skip: 0 });
  });

  test('says of a refused shard who held the lock, and is not green', () => {
    const state = merged(refusal('', locked).events);
    expect(exitCodeOf(state, { production: false })).toBe(4);
    const [attempt] = state.cases.get('charter/shard 2/3')?.attempts ?? [];
    expect(attempt?.outcome?.failure?.message).toBe(
      'shard 2/3: it ended before its plan was known: the run lock is held by Job monday',
    );
  });

  test('adds nothing to a shard that came to its end', () => {
    const { events } = journal({ path: '', from: 3, end: 'completed' });
    expect(toldEvents(events, missed)).toBe(events);
  });
});
