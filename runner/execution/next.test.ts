import { expect, test } from 'vitest';
import {
  applyEvent,
  initialState,
  type JournalEvent,
  type Outcome,
  type RunState,
} from '../journal/index.ts';
import { nextRound, type Standing } from './next.ts';

const at = '2026-01-01T00:00:00.000Z';

function stateOf(ended: Readonly<Record<string, readonly Outcome['verdict'][]>>): RunState {
  const cases = Object.keys(ended).map((key) => ({
    key,
    campaign: 'C',
    id: key,
    title: key,
    file: 'c.ts',
    tags: [],
    targets: [],
  }));
  const events: JournalEvent[] = [{ event: 'planned', at, cases }];
  for (const [key, verdicts] of Object.entries(ended)) {
    verdicts.forEach((verdict, index) => {
      events.push({ event: 'case-ended', at, key, attempt: index + 1, durationMs: 1, outcome: { verdict } });
    });
  }
  return events.reduce(applyEvent, initialState());
}

function next(ended: Parameters<typeof stateOf>[0], more: Partial<Standing> = {}) {
  return nextRound({
    state: stateOf(ended),
    suspects: new Set(),
    retry: 1,
    rules: new Map(),
    unrunnable: new Set(),
    beside: () => new Set('abcd'),
    ...more,
  });
}

test('what never ran runs together, with its first attempt', () => {
  expect(next({ a: [], b: [], c: ['passed'] })).toEqual({ attempts: { a: 1, b: 1 }, mode: 'together' });
});

test('suspects of a crash run first, each alone', () => {
  expect(next({ a: [], b: [], c: [] }, { suspects: new Set(['b', 'c']) })).toEqual({
    attempts: { b: 1, c: 1 },
    mode: 'alone',
  });
});

test('suspects of a crash in a retry run alone too, before the other retries', () => {
  const suspects = new Set(['b']);
  expect(next({ a: ['failed'], b: ['error'] }, { suspects })).toEqual({ attempts: { b: 2 }, mode: 'alone' });
});

test('failed and error cases are retried after all others, skipped and passed ones never', () => {
  expect(next({ a: ['failed'], b: [] })?.attempts).toEqual({ b: 1 });
  expect(next({ a: ['failed'], b: ['error'], c: ['skipped'], d: ['passed'] })?.attempts).toEqual({
    a: 2,
    b: 2,
  });
});

test('the number of retries is a bound', () => {
  expect(next({ a: ['failed', 'failed'] })).toBeUndefined();
  expect(next({ a: ['failed', 'failed'] }, { retry: 2 })?.attempts).toEqual({ a: 3 });
  expect(next({ a: ['failed'] }, { retry: 0 })).toBeUndefined();
});

test('a case that may run only once is not retried', () => {
  expect(next({ a: ['failed'], b: ['failed'] }, { rules: new Map([['a', 'never']]) })?.attempts).toEqual({
    b: 2,
  });
});

test('a case that retries errors only is not tried again once a promise was seen broken', () => {
  const rules = new Map([...'abc'].map((key) => [key, 'errors'] as const));
  const ended = { a: ['failed'], b: ['error'], c: ['error', 'failed'] } as const;
  expect(next(ended, { rules, retry: 2 })?.attempts).toEqual({ b: 2 });
});

test('a case that passed on retry is left alone', () => {
  expect(next({ a: ['failed', 'passed'] }, { retry: 3 })).toBeUndefined();
});

test('of what is due a round takes what one worker holds', () => {
  const portions = [new Set('ac'), new Set('bd')];
  const beside = (key: string) => portions.find((keys) => keys.has(key)) ?? new Set();
  const of = (ended: Parameters<typeof stateOf>[0], suspects: string) =>
    next(ended, { beside, suspects: new Set(suspects) });
  expect(of({ a: [], b: [], c: [], d: [] }, '')?.attempts).toEqual({ a: 1, c: 1 });
  expect(of({ a: ['failed'], b: [], c: ['passed'], d: [] }, '')?.attempts).toEqual({ b: 1, d: 1 });
  expect(of({ a: [], b: [], c: [], d: [] }, 'db')).toEqual({ attempts: { b: 1, d: 1 }, mode: 'alone' });
});

test('a file that cannot be imported is not run', () => {
  expect(next({ 'file/x': [] }, { unrunnable: new Set(['file/x']) })).toBeUndefined();
});
