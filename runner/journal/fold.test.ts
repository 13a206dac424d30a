// The journal folded: verdicts, counts, lists and exit code, each as a statement of behaviour.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyEvent,
  countsOf,
  exitCodeOf,
  flakyCases,
  fold,
  initialState,
  type JournalEvent,
  notRunTitle,
  type Outcome,
  type PlannedCase,
  unplannedSkips,
  type Verdict,
  verdictOf,
  warningsOf,
  xfailsOf,
} from './index.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 10, 21, 1, 0, second)).toISOString();

const planned = (...ids: string[]): JournalEvent => ({
  event: 'planned',
  at: at(0),
  cases: ids.map(
    (id): PlannedCase => ({
      key: `C-10/${id}`,
      campaign: 'C-10',
      id,
      title: `case ${id}`,
      file: 'c10.test.ts',
      tags: [],
      targets: [],
    }),
  ),
});
const begin = (id: string, attempt = 1): JournalEvent => ({
  event: 'case-started',
  at: at(1),
  key: `C-10/${id}`,
  attempt,
});
const finish = (id: string, outcome: Outcome | Verdict, attempt = 1): JournalEvent => ({
  event: 'case-ended',
  at: at(2),
  key: `C-10/${id}`,
  attempt,
  durationMs: 1000,
  outcome: typeof outcome === 'string' ? { verdict: outcome } : outcome,
});
const ended = (reason = 'completed', exitCode = 0): JournalEvent => ({
  event: 'run-ended',
  at: at(3),
  exitCode,
  reason,
});

const verdict = (...events: JournalEvent[]): Verdict | undefined => {
  const item = fold([planned('1'), ...events]).cases.get('C-10/1');
  return item === undefined ? undefined : verdictOf(item);
};

describe('the verdict of a case', () => {
  it.each<[string, (Verdict | 'running')[], Verdict | undefined]>([
    ['never started is not run', [], undefined],
    ['passed', ['passed'], 'passed'],
    ['failed', ['failed'], 'failed'],
    ['error', ['error'], 'error'],
    ['skipped', ['skipped'], 'skipped'],
    ['started and never ended is an error', ['running'], 'error'],
    ['passed at last is passed', ['failed', 'passed'], 'passed'],
    ['passed at last after an error is passed', ['error', 'passed'], 'passed'],
    ['failed once stays failed when the retry meets an error', ['failed', 'error'], 'failed'],
    ['failed in the retry outweighs an error before', ['error', 'failed'], 'failed'],
    ['failed once stays failed when the retry skips', ['failed', 'skipped'], 'failed'],
    ['a pass does not outlive a later failure', ['passed', 'failed'], 'failed'],
    ['a running retry does not hide the failure before it', ['failed', 'running'], 'failed'],
    ['a running retry does not hide the error before it', ['error', 'running'], 'error'],
  ])('%s', (_, attempts, expected) => {
    const events = attempts.flatMap((result, index) => [
      begin('1', index + 1),
      ...(result === 'running' ? [] : [finish('1', result, index + 1)]),
    ]);
    expect(verdict(...events)).toBe(expected);
  });

  it('gives way to an error that came to light after a pass or a skip, and to nothing else', () => {
    expect(verdict(begin('1'), finish('1', 'passed'), finish('1', 'error'))).toBe('error');
    expect(verdict(begin('1'), finish('1', 'skipped'), finish('1', 'error'))).toBe('error');
    expect(verdict(begin('1'), finish('1', 'skipped'), finish('1', 'passed'))).toBe('skipped');
    expect(verdict(begin('1'), finish('1', 'failed'), finish('1', 'error'))).toBe('failed');
    expect(verdict(begin('1'), finish('1', 'error'), finish('1', 'passed'))).toBe('error');
  });

  it('is not taken back by a second end of the same attempt', () => {
    expect(verdict(begin('1'), finish('1', 'error'), finish('1', 'passed'))).toBe('error');
  });

  it('gives way from a pass to an error that came to light after it', () => {
    const state = fold([
      planned('1'),
      begin('1'),
      finish('1', 'passed'),
      finish('1', 'error'),
      finish('1', 'passed'),
    ]);
    expect(countsOf(state)).toEqual({ tests: 1, pass: 0, fail: 0, err: 1, skip: 0 });
    expect(state.campaigns.get('C-10')?.timeMs).toBe(1000);
  });

  it('is known for an attempt whose start was lost', () => {
    const state = fold([planned('1'), finish('1', 'failed')]);
    expect(state.cases.get('C-10/1')).toMatchObject({ progress: 'ended', attempts: [{ startedAt: at(1) }] });
  });
});

describe('the counts of a run', () => {
  it('count everything not run as one error', () => {
    const state = fold([planned('1', '2', '3', '4'), begin('1'), finish('1', 'passed'), begin('2')]);
    expect(notRunTitle(state)).toBe('not run: 2');
    expect(countsOf(state)).toEqual({ tests: 3, pass: 1, fail: 0, err: 2, skip: 0 });
  });

  it('are one error before any plan is known', () => {
    const state = initialState();
    expect(notRunTitle(state)).toBe('not run: the plan was not known yet');
    expect(countsOf(state)).toEqual({ tests: 1, pass: 0, fail: 0, err: 1, skip: 0 });
  });

  it('hold no extra case when everything ran', () => {
    const state = fold([planned('1', '2'), finish('1', 'passed'), finish('2', 'skipped'), ended()]);
    expect(countsOf(state)).toEqual({ tests: 2, pass: 1, fail: 0, err: 0, skip: 1 });
  });

  it('take in cases that no plan names', () => {
    const state = fold([planned('1'), finish('1', 'passed'), finish('9[alice]', 'failed')]);
    expect(countsOf(state)).toEqual({ tests: 2, pass: 1, fail: 1, err: 0, skip: 0 });
    expect(state.cases.get('C-10/9[alice]')?.planned).toMatchObject({
      campaign: 'C-10',
      id: '9',
      persona: 'alice',
    });
  });

  it('always add up and equal a count made from scratch, whatever the order of events', () => {
    const id = fc.constantFrom('1', '2', '3', '4', '5');
    const attempt = fc.integer({ min: 1, max: 3 });
    const verdicts = fc.constantFrom<Verdict>('passed', 'failed', 'error', 'skipped');
    const event = fc.oneof(
      fc.tuple(id, attempt).map(([key, number]) => begin(key, number)),
      fc.tuple(id, verdicts, attempt).map(([key, result, number]) => finish(key, result, number)),
      fc.subarray(['1', '2', '3', '4', '5']).map((ids) => planned(...ids)),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const state = initialState();
        for (const one of events) {
          applyEvent(state, one);
          const cases = [...state.cases.values()];
          const scratch = (wanted: Verdict | undefined) =>
            cases.filter((item) => verdictOf(item) === wanted).length;
          const lost = scratch(undefined) > 0 || (!state.planKnown && cases.length === 0) ? 1 : 0;
          const { tests, pass, fail, err, skip } = countsOf(state);
          expect([pass, fail, err, skip]).toEqual([
            scratch('passed'),
            scratch('failed'),
            scratch('error') + lost,
            scratch('skipped'),
          ]);
          expect(tests).toBe(pass + fail + err + skip);
          expect(state.tally.running).toBe(cases.filter(({ progress }) => progress === 'running').length);
          expect(flakyCases(state)).toHaveLength(state.tally.flaky);
        }
      }),
    );
  });

  it('hide no flake: over 1,000 runs with planted flakes the lists hold exactly those', () => {
    const runs = fc.array(
      fc.constantFrom<Verdict[]>(['passed'], ['failed', 'passed'], ['error', 'passed'], ['failed', 'failed']),
      {
        maxLength: 20,
      },
    );
    fc.assert(
      fc.property(runs, (cases) => {
        const events = cases.flatMap((attempts, id) =>
          attempts.flatMap((result, index) => [
            begin(`${id}`, index + 1),
            finish(`${id}`, result, index + 1),
          ]),
        );
        const state = fold([planned(...cases.map((_, id) => `${id}`)), ...events, ended()]);
        const planted = cases.flatMap((attempts, id) =>
          attempts.length === 2 && attempts[1] === 'passed' ? [`C-10/${id}`] : [],
        );
        expect(flakyCases(state).map(({ planned: { key } }) => key)).toEqual(planted);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the lists beside the counts', () => {
  const state = fold([
    planned('1', '2', '3', '4'),
    finish('1', { verdict: 'skipped', reason: 'writes are off', planned: true }),
    finish('2', { verdict: 'skipped', reason: 'no password' }),
    finish('3', { verdict: 'skipped', reason: 'xfail: headers are trusted' }),
    {
      event: 'case-ended',
      at: at(2),
      key: 'C-10/4',
      attempt: 1,
      durationMs: 1,
      outcome: { verdict: 'passed' },
      warnings: ['slow', 'slow'],
    },
  ]);
  const keys = (list: readonly { readonly item: { readonly planned: PlannedCase } }[]) =>
    list.map(({ item }) => item.planned.id);

  it('name unplanned skips', () => expect(keys(unplannedSkips(state))).toEqual(['2']));
  it('name expected failures', () => expect(keys(xfailsOf(state))).toEqual(['3']));
  it('name each warning once', () => expect(warningsOf(state).map(({ text }) => text)).toEqual(['slow']));
});

describe('the exit code', () => {
  const code = (production: boolean, ...events: JournalEvent[]) => exitCodeOf(fold(events), { production });
  const skip: Outcome = { verdict: 'skipped', reason: 'no password' };

  it.each<[string, number, JournalEvent[]]>([
    ['all passed', 0, [planned('1'), finish('1', 'passed'), ended()]],
    ['passed after a retry', 0, [planned('1'), finish('1', 'failed'), finish('1', 'passed', 2), ended()]],
    ['a case failed', 1, [planned('1', '2'), finish('1', 'failed'), finish('2', 'error'), ended()]],
    ['errors and no failure', 4, [planned('1', '2'), finish('1', 'passed'), finish('2', 'error'), ended()]],
    ['a case was not run', 4, [planned('1', '2'), finish('1', 'passed'), ended()]],
    ['the plan never came', 4, [ended()]],
    ['the configuration was refused', 2, [ended('configuration', 2)]],
    ['nothing selected', 3, [planned(), ended()]],
    ['nothing but skips', 3, [planned('1'), finish('1', { ...skip, planned: true }), ended()]],
    ['the line of its red case was lost', 1, [planned('1'), finish('1', 'passed'), ended('completed', 1)]],
    ['nothing but its end is left', 4, [ended('completed', 1)]],
    ['its report could not be written', 5, [planned('1'), finish('1', 'passed'), ended('completed', 5)]],
    ['it is red, and not written either', 1, [planned('1'), finish('1', 'failed'), ended('completed', 5)]],
    ['no end was recorded', 7, [planned('1'), finish('1', 'failed')]],
    ['interrupted', 7, [planned('1'), finish('1', 'passed'), ended('interrupted: SIGTERM', 7)]],
    ['deadline', 7, [planned('1'), finish('1', 'failed'), ended('deadline')]],
  ])('%s: %d', (_, expected, events) => {
    expect(code(false, ...events)).toBe(expected);
    expect(code(true, ...events)).toBe(expected);
  });

  it('is 3 for an unplanned skip in production, and only there', () => {
    const events = [planned('1', '2'), finish('1', 'passed'), finish('2', skip), ended()];
    expect(code(false, ...events)).toBe(0);
    expect(code(true, ...events)).toBe(3);
  });
});
