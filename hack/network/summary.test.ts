import { describe, expect, test } from 'vitest';
import { catalogue } from '../../suites/network/catalogue/index.ts';
import { skips, surprises } from './findings.ts';
import type { NetworkRun, StepLine } from './runs.ts';
import { differing, late, summaryLines } from './summary.ts';

const step = (more: Partial<StepLine>): StepLine => ({
  ...{ step: 'deny.1', verdict: 'pass', durationMs: 2_000, judged: 324, standIns: 0, transients: 0 },
  ...{ writes: [], pairs: [] },
  ...more,
});
const run = (verdicts: Readonly<Record<string, 'passed' | 'failed'>>): Pick<NetworkRun, 'report'> => ({
  report: {
    ...{ file: '', properties: {}, counts: { tests: 0, pass: 0, fail: 0, err: 0, skip: 0 } },
    cases: Object.entries(verdicts).map(([id, verdict]) => ({ name: `${id} title`, verdict, message: '' })),
  },
});

test('a step that is judged in two ways, or in one run only, is told', () => {
  expect(differing([run({ a: 'passed', b: 'passed' }), run({ a: 'passed', b: 'failed' })])).toEqual([
    'b: passed, failed',
  ]);
  expect(differing([run({ a: 'passed' }), run({})])).toEqual(['a: passed']);
  expect(differing([run({ a: 'failed' }), run({ a: 'failed' })])).toEqual([]);
});

test('one run in four lines', () => {
  const steps = [step({ pairs: [['x/a', 'x/b', '80/TCP', 400]] }), step({ durationMs: 4_000 })];
  const counts = { code: 0, seconds: 10, execs: 0, unaccounted: [] };
  const lines = summaryLines({ ...run({}), ...counts, events: [], steps });
  expect(lines[1]).toBe('seconds per step: median 2.0, p95 4.0, max 4.0');
  expect(lines[2]).toBe('enforcement of 1 changed pairs: p50 400 ms, p95 400 ms, max 400 ms');
});

describe('a run that takes longer than is promised', () => {
  const taking = (seconds: number, ...ms: readonly number[]) => ({
    seconds,
    steps: ms.map((durationMs) => step({ durationMs })),
  });

  test.each([
    ['as long as it may', taking(900, 5_000, 5_000, 60_000), [], []],
    ['the catalogue', taking(901, 2_000), [], ['the catalogue took 901 s, more than 900 s']],
    ['the short form', taking(241, 2_000), ['--short'], ['the short form took 241 s, more than 240 s']],
    [
      'half of its steps',
      taking(100, 2_000, 5_100, 5_100),
      ['--short'],
      ['half of the steps took 5.1 s or more, more than 5 s'],
    ],
    ['single steps', taking(901, 9_000), ['--case', 'deny.1'], []],
    ['one family', taking(901, 9_000), ['--family=deny'], []],
    ['without any step', taking(100), [], []],
  ])('%s', (_what, run, flags, complaints) => {
    expect(late(run, flags)).toEqual(complaints);
  });
});

test('a finding has to be as it is written down, in as many cells; whatever else is red, and a finding that is not, is told', () => {
  const known = new Map([['a.1', 'not-enforced (3)']]);
  const judged = (name: string, verdict: string, message = '') => ({ name, verdict, message });
  const finding = 'not-enforced (3)';
  const isKnown = [judged('a.1 t', 'failed', `${finding}\n3 of 9 cells`), judged('a.2 t', 'passed')];
  expect(surprises(isKnown, known)).toEqual([]);
  expect(surprises([judged('a.2 t', 'error', 'dead-peer\nmore')], known)).toEqual([
    'a.2 is error: dead-peer',
  ]);
  const others = [
    ['passed', ''],
    ['failed', 'blocked (3)'],
    ['failed', 'not-enforced (4)'],
    ['failed', 'not-enforced (3), dead-peer (1)'],
    ['error', finding],
  ] as const;
  for (const [verdict, message] of others)
    expect(surprises([judged('a.1 t', verdict, message)], known)).toHaveLength(1);
});

test('a step that is skipped though it can be judged is told, and one that cannot and is not', () => {
  const judged = (name: string, verdict: string) => ({
    name,
    verdict,
    message: 'no cell to api can be judged',
  });
  expect(surprises([judged('protocols.4 t', 'skipped'), judged('deny.1 t', 'passed')])).toEqual([]);
  expect(surprises([judged('deny.1 t', 'skipped')])).toEqual([
    'deny.1 is skipped: no cell to api can be judged',
  ]);
  expect(surprises([judged('protocols.4 t', 'passed')])).toHaveLength(1);
});

test('the steps that are skipped here are those that need what is not here', () => {
  expect(catalogue.filter(({ needs }) => needs !== undefined).map(({ id }) => id)).toEqual([...skips]);
});
