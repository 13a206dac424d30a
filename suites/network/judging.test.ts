import { expect, test } from 'vitest';
import type { Step } from './catalogue/step.ts';
import {
  contradictions,
  differences,
  type JudgedCell,
  notJudged,
  problemsOf,
  transientsOf,
  unjudgedTargets,
} from './judging.ts';

const cell = (more: Partial<JudgedCell>): JudgedCell => ({
  ...{ from: 'x/a', to: 'x/b', port: 80, protocol: 'TCP', expected: 'allowed', observed: 'allowed' },
  verdict: 'pass',
  ...more,
});
const step = (expected: readonly string[] | undefined): Step => ({
  ...{ id: 's.1', family: 's', title: 't', idea: 'i' },
  state: () => ({ policies: [], podLabels: {}, namespaceLabels: {} }),
  ...(expected === undefined ? {} : { expect: expected }),
});

test('names of problems are counted, the most frequent first, and those of passed cells are not', () => {
  const cells = [
    cell({ verdict: 'error', problem: 'dead-peer' }),
    cell({ verdict: 'error', problem: 'control-failed' }),
    cell({ verdict: 'error', problem: 'control-failed' }),
    cell({ verdict: 'pass', problem: 'transient' }),
  ];
  expect(problemsOf(cells)).toBe('control-failed (2), dead-peer (1)');
});

test('only differing cells are told, expected and observed in the same order', () => {
  const cells = [
    cell({}),
    cell({ to: 'x/c', expected: 'denied', verdict: 'fail', problem: 'not-enforced' }),
    cell({ to: 'y/c', observed: undefined, verdict: 'error', problem: 'silent-prober' }),
    cell({ to: 'z/c', expected: 'implementation-defined', verdict: 'not-judged' }),
  ];
  expect(differences(cells)).toEqual({
    expected: ['x/a -> x/c 80/TCP: denied', 'x/a -> y/c 80/TCP: allowed'],
    observed: ['x/a -> x/c 80/TCP: allowed (not-enforced)', 'x/a -> y/c 80/TCP: nothing (silent-prober)'],
  });
});

test('a cell in which the model contradicts the catalogue is told, whatever was observed', () => {
  const said = step(['* -> x/b no', '* -> dns no']);
  expect(contradictions(said, [cell({})])).toEqual(['x/a -> x/b 80/TCP: model says allowed']);
  expect(contradictions(said, [cell({ expected: 'denied' })])).toEqual([]);
  expect(contradictions(said, [cell({ to: 'dns-tcp', port: 53 })])).toHaveLength(1);
  expect(contradictions(said, [cell({ from: 'x/b' })])).toEqual([]);
  expect(contradictions(said, [cell({ expected: 'implementation-defined' })])).toEqual([]);
  expect(contradictions(step(undefined), [cell({})])).toEqual([]);
});

test('a target that a step speaks of, and to which nothing was judged, is told', () => {
  const said = step(['x/* -> dns|api yes', 'x/a -> x/b:80 no', '* -> * no']);
  const dns = cell({ to: 'dns-tcp', port: 53 });
  const ownNode = cell({ to: 'api', port: 6443, expected: 'implementation-defined', verdict: 'not-judged' });
  expect(unjudgedTargets(said, [dns, ownNode])).toEqual(['api']);
  expect(unjudgedTargets(said, [dns, ownNode, { ...ownNode, from: 'x/b', verdict: 'fail' }])).toEqual([]);
  expect(unjudgedTargets(step(['* -> x/* no']), [ownNode])).toEqual([]);
});

test('cells that nobody judges are counted, with the reason', () => {
  const open = cell({ to: 'api', expected: 'implementation-defined', verdict: 'not-judged' });
  const unknown = cell({ to: 'x/c', expected: 'unknown', verdict: 'not-judged' });
  expect(notJudged([cell({}), open, unknown, { ...open, from: 'x/b' }])).toBe(
    '2 to api: traffic with a node or its network, which the specification leaves to the engine; 1 to x/c: the model does not know what to expect',
  );
  expect(notJudged([cell({})])).toBeUndefined();
});

test('what flickered and passed in the end is told, denies first; what is red is told elsewhere', () => {
  const leaked = cell({ expected: 'denied', observed: 'denied' });
  const cells = [
    { ...cell({}), transients: 1 },
    { ...leaked, transients: 2 },
    ...Array.from({ length: 6 }, () => ({ ...leaked, to: 'x/c', transients: 1 })),
    { ...cell({ verdict: 'error', problem: 'transient' }), transients: 3 },
    { ...cell({ to: 'z/a' }), transients: 0 },
  ];
  expect(transientsOf(cells)).toEqual([
    `denied, but for a while not: x/a -> x/b 80/TCP in 2 cycles, ${'x/a -> x/c 80/TCP in 1 cycle, '.repeat(4)}and 2 more`,
    'allowed, but for a while not: x/a -> x/b 80/TCP in 1 cycle',
  ]);
  expect(transientsOf([{ ...cell({}), transients: 0 }])).toEqual([]);
});
