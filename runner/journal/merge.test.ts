// Journals of shards become one run.
import { describe, expect, it } from 'vitest';
import {
  countsOf,
  exitCodeOf,
  fold,
  isFlaky,
  type JournalEvent,
  mergeEvents,
  type Verdict,
} from './index.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 10, 21, 1, 0, second)).toISOString();

interface Shard {
  readonly shard: string;
  readonly plan: readonly string[];
  readonly results: readonly (readonly [id: string, verdict: Verdict, second: number])[];
  readonly end?: { readonly exitCode: number; readonly reason: string };
}

function journal({ shard, plan, results, end }: Shard): JournalEvent[] {
  const key = (id: string) => `W2/${id}`;
  return [
    {
      event: 'run-started',
      at: at(Number(shard)),
      run: 'r',
      host: `pod-${shard}`,
      environment: 'e',
      properties: { shard, tls: 'no' },
    },
    {
      event: 'planned',
      at: at(0),
      cases: plan.map((id) => ({
        key: key(id),
        campaign: 'W2',
        id,
        title: id,
        file: 'w2.ts',
        tags: [],
        targets: [],
      })),
    },
    ...results.flatMap(([id, verdict, second]): JournalEvent[] => [
      { event: 'case-started', at: at(second), key: key(id), attempt: 1 },
      {
        event: 'case-ended',
        at: at(second + 1),
        key: key(id),
        attempt: 1,
        durationMs: 1000,
        outcome: { verdict },
      },
    ]),
    ...(end === undefined ? [] : [{ event: 'run-ended', at: at(30), ...end } as const]),
  ];
}
const completed = { exitCode: 0, reason: 'completed' };
const first: Shard = {
  shard: '1',
  plan: ['1', '2'],
  results: [
    ['1', 'passed', 1],
    ['2', 'passed', 3],
  ],
  end: completed,
};
const second: Shard = {
  shard: '2',
  plan: ['3'],
  results: [['3', 'failed', 2]],
  end: { exitCode: 1, reason: 'completed' },
};
const merged = (...shards: Shard[]) => fold(mergeEvents(shards.map(journal)));

describe('merging journals', () => {
  it('gives one run with the cases of all shards', () => {
    const state = merged(first, second);
    expect(countsOf(state)).toEqual({ tests: 3, pass: 2, fail: 1, err: 0, skip: 0 });
    expect(exitCodeOf(state, { production: false })).toBe(1);
    expect(state.startedAt).toBe(at(1));
  });

  it('keeps values that differ beside each other', () => {
    const { properties } = merged(first, second);
    expect(Object.fromEntries(properties)).toEqual({ shard: '1, 2', tls: 'no' });
  });

  it('orders the attempts of one case by time, in whatever order the journals are given', () => {
    const rerun: Shard = { shard: '3', plan: ['3'], results: [['3', 'passed', 20]], end: completed };
    for (const state of [merged(second, rerun), merged(rerun, second)]) {
      const item = state.cases.get('W2/3');
      expect(item?.attempts.map(({ attempt, outcome }) => [attempt, outcome?.verdict])).toEqual([
        [1, 'failed'],
        [2, 'passed'],
      ]);
      expect(item !== undefined && isFlaky(item)).toBe(true);
    }
  });

  it('is interrupted as long as one shard never ended, and its cases count as not run', () => {
    const { end: _, ...dead } = { ...second, results: [] };
    const state = merged(first, dead);
    expect(exitCodeOf(state, { production: false })).toBe(7);
    expect(countsOf(state)).toEqual({ tests: 3, pass: 2, fail: 0, err: 1, skip: 0 });
  });

  it('counts a case as run when one shard ran what another only planned', () => {
    const wide: Shard = { ...first, plan: ['1', '2', '3'] };
    expect(countsOf(merged(wide, second))).toEqual({ tests: 3, pass: 2, fail: 1, err: 0, skip: 0 });
  });

  it('is judged on the cases of all shards, and stays red where a journal lost why it ended red', () => {
    const codes = (...shards: Shard[]) => {
      const state = merged(...shards);
      return [state.ended?.exitCode, exitCodeOf(state, { production: false })];
    };
    const nothing: Shard = { shard: '4', plan: [], results: [], end: { exitCode: 3, reason: 'completed' } };
    const rerun: Shard = { shard: '3', plan: ['3'], results: [['3', 'passed', 20]], end: completed };
    expect(codes(first, nothing)).toEqual([0, 0]);
    expect(codes(first, second)).toEqual([1, 1]);
    expect(codes(second, rerun)).toEqual([0, 0]);
    const lossy: Shard = { ...first, shard: '2', end: { exitCode: 4, reason: 'completed' } };
    expect(codes(rerun, lossy)).toEqual([4, 4]);
    expect(codes(rerun, { ...second, end: { exitCode: 2, reason: 'completed' } })).toEqual([2, 2]);
  });

  it('carries an interruption of one shard to the whole run', () => {
    const cut: Shard = { ...second, end: { exitCode: 7, reason: 'interrupted: SIGTERM' } };
    expect(merged(first, cut).ended?.reason).toBe('interrupted: SIGTERM');
  });
});
