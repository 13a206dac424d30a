// Decisions of the cockpit that need no store: who may look, what a query asks, what a plot and a sentence say.
import { describe, expect, test } from 'vitest';
import type { CaseResult, HistoryPoint, RunHead, RunStatus } from '../store/index.ts';
import { filterAsked, pageAsked } from './asked.ts';
import { ageWords, verdictSentence } from './html/words.ts';
import { liveRuns } from './live-runs.ts';
import { networkCells } from './network-cells.ts';
import { failingSince } from './pages/case.ts';
import { etaMs } from './pages/live.ts';
import { callerOf } from './security/identity.ts';
import { badge } from './svg/badge.ts';
import { heatmap, toneOf } from './svg/heatmap.ts';
import { scaleEnd } from './svg/history.ts';

const head = (status: RunStatus, rest: Partial<RunHead> = {}): RunHead => ({
  ...{ run: 'r', environment: 'e', host: 'h', startedAt: '', lastAt: '', status, exitCode: 0, reason: '' },
  counts: { tests: 10, pass: 10, fail: 0, err: 0, skip: 0 },
  ...{ flaky: 0, unplannedSkips: 0, notRun: 0, inFlight: 0, planned: 10, durationMs: 1_000 },
  ...{ selection: undefined, shard: undefined },
  ...rest,
});

describe('a run as a sentence', () => {
  test.each([
    [head('passed'), 'All 10 cases passed'],
    [
      head('passed', { counts: { tests: 10, pass: 8, fail: 0, err: 0, skip: 2 } }),
      '8 of 10 cases passed, none failed',
    ],
    [
      head('failed', { counts: { tests: 10, pass: 8, fail: 1, err: 1, skip: 0 } }),
      '1 failed, 1 error of 10 cases',
    ],
    [head('errors', { counts: { tests: 1, pass: 0, fail: 0, err: 1, skip: 0 } }), '1 error of 1 case'],
    [head('nothing-proven', { unplannedSkips: 3 }), 'Not proven: 3 skips that nobody announced'],
    [
      head('aborted', { notRun: 4, counts: { tests: 7, pass: 6, fail: 0, err: 1, skip: 0 } }),
      'Aborted: the runner was lost with 4 cases not run',
    ],
    [
      head('running', { notRun: 6, inFlight: 1, counts: { tests: 3, pass: 3, fail: 0, err: 0, skip: 0 } }),
      'Running: 3 of 10 cases',
    ],
    [head('usage'), 'The run was refused before it began'],
    [head('unwritten'), 'Not written: no case of 10 failed, and the report is not whole'],
  ])('%#', (run, sentence) => {
    expect(verdictSentence(run)).toBe(sentence);
  });

  test.each([
    ['errors', 'Nothing ran: its cases were never planned'],
    ['interrupted', 'Interrupted before its cases were planned'],
    ['aborted', 'Aborted: the runner was lost before its cases were planned'],
  ] as const)('that is %s and has no plan says so, and names no case', (status, sentence) => {
    const counts = { tests: 1, pass: 0, fail: 0, err: 1, skip: 0 };
    expect(verdictSentence(head(status, { planned: 0, counts }))).toBe(sentence);
  });

  test.each([
    'failed',
    'errors',
    'nothing-proven',
    'usage',
    'unwritten',
    'interrupted',
    'aborted',
    'running',
  ] as const)('of a run that is %s never sounds green', (status) => {
    expect(verdictSentence(head(status, { notRun: 2 }))).not.toMatch(/\d cases passed|none failed/);
  });
});

describe('a proxy', () => {
  const who = callerOf({ addresses: ['10.0.0.7', '10.1.0.0/16', 'fd00::/8'], header: 'X-User' });
  const signed = (name: string) => (name === 'X-User' ? ' mia ' : undefined);
  test.each([
    ['10.0.0.7', 'user'],
    ['::ffff:10.0.0.7', 'user'],
    ['10.1.200.3', 'user'],
    ['fd12::1', 'user'],
    ['10.0.0.8', 'stranger'],
    ['::1', 'stranger'],
    ['not an address', 'stranger'],
    [undefined, 'stranger'],
  ])('at %s makes the caller a %s', (address, kind) => {
    expect(who(address, signed).kind).toBe(kind);
  });

  test('that says nobody signs nobody in', () => {
    expect(who('10.0.0.7', () => '  ')).toEqual({ kind: 'stranger', why: 'not signed in' });
  });

  test.each(['10.0.0.0/33', 'proxy.example.com', '', '10.0.0.1/-1'])('%s is refused', (address) => {
    expect(() => callerOf({ addresses: [address], header: 'X-User' })).toThrow(RangeError);
  });
});

test('a query that means nothing is as if it were not there', () => {
  const query = (values: Record<string, string>) => (name: string) => values[name];
  expect(filterAsked(query({ verdict: 'green', text: '  ', campaign: 'C-10' }))).toEqual({
    campaign: 'C-10',
  });
  expect(['2', '0', '1.5', 'x', '1e9'].map((page) => pageAsked(query({ page })))).toEqual([2, 1, 1, 1, 1]);
});

test('a case fails since the first of the failures that go on until now', () => {
  const points = (['failed', 'passed', 'error', 'failed'] as const).map(
    (verdict, index): HistoryPoint => ({
      run: String(index),
      startedAt: '',
      verdict,
      isRunning: false,
      isFlaky: false,
      durationMs: 1,
    }),
  );
  expect(failingSince(points)?.run).toBe('2');
  expect(failingSince(points.slice(0, 2))).toBeUndefined();
  expect(failingSince(points.slice(0, 1))?.run).toBe('0');
});

test('what is left of a run is told by its pace, and not before a twentieth is done', () => {
  expect(etaMs(head('running', { planned: 100, notRun: 75, durationMs: 10_000 }))).toBe(30_000);
  expect(etaMs(head('running', { planned: 100, notRun: 96 }))).toBeUndefined();
  expect(etaMs(head('running', { planned: 0, notRun: 0 }))).toBeUndefined();
});

test('of a campaign that passed and skipped, half of the cell is grey', () => {
  const runs = [head('passed'), head('passed', { run: 's' })];
  const cell = { run: 'r', campaign: 'C', passed: 1, failed: 0, error: 0, skipped: 0, notRun: 0, timeMs: 1 };
  const picture = String(heatmap(runs, [cell, { ...cell, run: 's', skipped: 39 }]));
  const paths = [...picture.matchAll(/class="cell ([^"]+)" d="([^"]+)"/g)].map(([, tone, d]) => [tone, d]);
  expect(paths).toEqual([
    ['passed', 'M2 11h40'],
    ['skipped half', 'M24 6h18'],
  ]);
});

test('a cell of the heat map shows the worst that it holds', () => {
  const cell = { run: 'r', campaign: 'C', passed: 5, failed: 0, error: 0, skipped: 1, notRun: 0, timeMs: 1 };
  expect(toneOf(cell)).toEqual({ tone: 'passed', count: 0 });
  expect(toneOf({ ...cell, failed: 1, error: 2 })).toEqual({ tone: 'failed', count: 3 });
  expect(toneOf({ ...cell, error: 2 })).toEqual({ tone: 'error', count: 2 });
  expect(toneOf({ ...cell, notRun: 1 }).tone).toBe('notrun');
  expect(toneOf({ ...cell, passed: 0 }).tone).toBe('skipped');
});

test('pairs of Pods are read from expected and got', () => {
  const attempt = {
    attempt: 1,
    startedAt: '',
    durationMs: 1,
    reason: undefined,
    isPlannedSkip: false,
    warnings: [],
  };
  const failure = {
    kind: 'assertion',
    message: '2 of 9 differ',
    expected: '2 items\n- x/b -> x/a 80/TCP: denied\n- x/c -> x/a 80/TCP: allowed',
    got: '2 items\n- x/b -> x/a 80/TCP: allowed (not-enforced)\n- x/c -> x/a 80/TCP: denied (dead-peer)',
  };
  const item: Pick<CaseResult, 'attempts' | 'verdict'> = {
    verdict: 'failed',
    attempts: [{ ...attempt, verdict: 'failed', failure }],
  };
  expect(networkCells(item)).toEqual([
    { from: 'x/b', to: 'x/a 80/TCP', expected: 'denied', observed: 'allowed', problem: 'not-enforced' },
    { from: 'x/c', to: 'x/a 80/TCP', expected: 'allowed', observed: 'denied', problem: 'dead-peer' },
  ]);
});

test('scales end at 1, 2 or 5, and ages are coarse', () => {
  expect([1, 3, 7, 15, 99, 2_000, 2_001].map(scaleEnd)).toEqual([1, 5, 10, 20, 100, 2_000, 5_000]);
  expect([30_000, 90 * 60_000, 26 * 3_600_000, 100 * 3_600_000].map(ageWords)).toEqual([
    'less than a minute',
    '90 min',
    '26 h',
    '4 days',
  ]);
});

test('a badge says in words what its colour says', () => {
  expect(badge('<x>', 'failed', 'failed')).toContain('aria-label="charter &lt;x&gt;: failed"');
});

describe('readers of a live run', () => {
  test('share one look at the store, which ends with the last of them', async () => {
    const ticks: (() => void)[] = [];
    let reads = 0;
    let stopped = 0;
    const live = liveRuns({
      read: async () => {
        reads += 1;
        return head('running');
      },
      everyMs: 1,
      mostReaders: 2,
      repeat: (act) => {
        ticks.push(act);
        return {
          stop: () => {
            stopped += 1;
          },
        };
      },
    });
    const told: string[] = [];
    const first = live.watch('r', () => told.push('first'));
    await Promise.resolve();
    const second = live.watch('r', () => told.push('second'));
    expect(live.watch('r', () => {})).toBeUndefined();
    await new Promise(setImmediate);
    const before = reads;
    ticks[0]?.();
    await new Promise(setImmediate);
    expect([ticks.length, reads - before]).toEqual([1, 1]);
    expect(told).toContain('second');
    first?.();
    first?.();
    expect(stopped).toBe(0);
    second?.();
    expect(stopped).toBe(1);
  });
});
