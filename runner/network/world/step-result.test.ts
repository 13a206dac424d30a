// Whom a step accuses when talks with control peers fail.
import { expect, test } from 'vitest';
import type { JudgedCell } from '../verdict/index.ts';
import { stepResult } from './step-result.ts';

const cell = (from: string, to: string, verdict: 'pass' | 'error'): JudgedCell =>
  ({
    ...{ from, to, port: 80, protocol: 'TCP', expected: 'allowed', observed: 'allowed', verdict },
    ...{ observations: [], isEvidence: true, denials: [], servedAs: 0, index: 0 },
    ...(verdict === 'error' ? { problem: 'silent-prober' } : {}),
  }) as unknown as JudgedCell;

const ended = (cells: readonly JudgedCell[]) =>
  stepResult({
    ...{ name: 'deny.1', cells, changes: () => false, isTimed: true, stillResting: [] },
    ...{ since: 0, writes: [], durationMs: 1 },
  });
const problemsOf = (cells: readonly JudgedCell[]) => ended(cells).problems;

test('a control peer that is gone is told once, also by its talks with the others', () => {
  const cells = [
    cell('control/1', 'control/0', 'error'),
    cell('control/0', 'control/1', 'error'),
    cell('x/a', 'control/0', 'error'),
    cell('x/b', 'control/0', 'error'),
    cell('x/a', 'control/1', 'pass'),
  ];
  expect(problemsOf(cells)).toEqual([
    'control-failed: control/0: control/1 -> control/0 80/TCP expected allowed, silent-prober and 3 more',
  ]);
});

test('two that are gone are told apart', () => {
  const gone = ['control/0', 'control/1'].flatMap((to) =>
    ['x/a', 'x/b'].map((from) => cell(from, to, 'error')),
  );
  expect(problemsOf(gone)).toHaveLength(2);
});

test('a talk with a control peer that nobody may have is the engine’s fault, and not the peer’s', () => {
  const leak = { ...cell('x/a', 'control/0', 'pass'), expected: 'denied', verdict: 'fail' } as const;
  expect(ended([cell('x/a', 'x/b', 'pass'), { ...leak, problem: 'not-enforced' }])).toMatchObject({
    verdict: 'fail',
    problems: ['not-enforced: x/a -> control/0 80/TCP expected denied, not-enforced'],
  });
});
