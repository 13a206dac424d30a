import { expect, test } from 'vitest';
import { catalogue } from '../../suites/network/catalogue/index.ts';
import { skips, surprises } from './findings.ts';
import type { NetworkRun, StepLine } from './runs.ts';
import { differing, summaryLines } from './summary.ts';

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
  const lines = summaryLines({ ...run({}), code: 0, steps, seconds: 10, execs: 0, unaccounted: [] });
  expect(lines[1]).toBe('seconds per step: median 2.0, p95 4.0, max 4.0');
  expect(lines[2]).toBe('enforcement of 1 changed pairs: p50 400 ms, p95 400 ms, max 400 ms');
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

test('the steps that are skipped here are those that need IPv6', () => {
  expect(catalogue.filter(({ needs }) => needs !== undefined).map(({ id }) => id)).toEqual([...skips]);
});
