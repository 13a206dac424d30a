// The catalogue against the model: two independent authors of every expectation, the model's rules and a person's words.
import { describe, expect, test } from 'vitest';
import { type ModelledCell, modelled as modelledBy, scene } from '../../../fixtures/network/rehearsal.ts';
import { type NetworkPolicy, policyProblems, standardPolicy } from '../../../runner/network/index.ts';
import { wish } from '../wish.ts';
import { type AskedCell, expectation } from './expectation.ts';
import { catalogue } from './index.ts';
import type { Step } from './step.ts';

const known = new Map<Step, readonly ModelledCell[]>();
const modelled = (step: Step): readonly ModelledCell[] => {
  const cells = known.get(step) ?? modelledBy(step.state(scene), wish);
  known.set(step, cells);
  return cells;
};
/** The DNS Pod is one target for each protocol, and `dns` in expectations. */
const asked = (cell: ModelledCell): AskedCell => ({ ...cell, to: cell.to === 'dns-tcp' ? 'dns' : cell.to });

const picture = (step: Step): string =>
  modelled(step)
    .map(({ from, to, port, protocol, verdict }) => `${from} ${to} ${port} ${protocol} ${verdict}`)
    .join('\n');

test('there are at least 150 steps, each with an id and a title of its own', () => {
  expect(catalogue.length).toBeGreaterThanOrEqual(150);
  expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length);
  expect(new Set(catalogue.map(({ title }) => title)).size).toBe(catalogue.length);
});

test('no two steps have the same policies and the same expected matrix', () => {
  const seen = new Map<string, string>();
  for (const step of catalogue) {
    const key = `${JSON.stringify(step.state(scene).policies)}\n${picture(step)}`;
    expect(`${step.id} is ${seen.get(key) ?? step.id}`).toBe(`${step.id} is ${step.id}`);
    seen.set(key, step.id);
  }
});

test('at least 30 steps share the idea of an upstream case, each of another one', () => {
  const named = catalogue.flatMap(({ upstream }) => upstream ?? []);
  expect(new Set(named).size).toBe(named.length);
  expect(named.length).toBeGreaterThanOrEqual(30);
});

test('at least 40 steps carry a person’s expectation; those without are about what no prober asks', () => {
  const without = catalogue.filter(({ expect: lines }) => lines === undefined);
  expect(catalogue.length - without.length).toBeGreaterThanOrEqual(40);
  expect(new Set(without.map(({ needs }) => needs))).toEqual(new Set(['dual-stack', 'sctp']));
});

describe.each(catalogue)('$id $title', (step) => {
  test('the API server would take its policies', () => {
    const { policies } = step.state(scene);
    expect(policies.flatMap((policy) => policyProblems(policy as NetworkPolicy))).toEqual([]);
  });

  const { expect: lines } = step;
  if (lines === undefined) return;
  test('the model and the person agree in every cell', () => {
    const verdict = expectation(lines);
    const cells = modelled(step);
    expect(cells.length).toBeGreaterThan(200);
    const differing = cells.filter((one) => verdict(asked(one)) !== one.verdict);
    expect(differing.slice(0, 12)).toEqual([]);
  });
});

test('going on to the next step touches few policies', () => {
  const touched = catalogue.slice(1).map((step, index) => {
    const texts = (one: Step | undefined) =>
      new Set(one?.state(scene).policies.map((policy) => JSON.stringify(policy)) ?? []);
    const before = texts(catalogue[index]);
    return [...texts(step)].filter((text) => !before.has(text)).length;
  });
  expect(Math.max(...touched)).toBeLessThanOrEqual(3);
  expect(touched.reduce((sum, one) => sum + one, 0) / touched.length).toBeLessThan(1.3);
});

test('the workload whose policy is tried is the one that the builder makes', () => {
  const step = catalogue.find(({ title }) => title.includes('charter network policy'));
  const built = standardPolicy({
    ...{ name: 'p', namespace: scene.namespace('x'), labels: { pod: 'a' }, clusterRanges: [] },
    apiServer: [scene.apiServer],
  });
  expect(step?.state(scene).policies).toEqual([{ metadata: built.metadata, spec: built.spec }]);
});

describe('the language of expectations', () => {
  const cell: AskedCell = { from: 'x/a', to: 'y/b', port: 80, protocol: 'TCP' };
  test.each([
    [[], 'allowed'],
    [['* -> * no'], 'denied'],
    [['x/a -> y/b yes', '* -> * no'], 'allowed'],
    [['x/* -> */b:80/TCP no'], 'denied'],
    [['x/* -> */b:81 no'], 'allowed'],
    [['x/* -> */b/UDP no'], 'allowed'],
    [['!x/a -> * no'], 'allowed'],
    [['z/a|x/a -> z/a|y/b no'], 'denied'],
    [['* -> dns no'], 'allowed'],
    [['* -> */*:80/TCP no'], 'denied'],
  ] as const)('%j', (lines, verdict) => {
    expect(expectation(lines)(cell)).toBe(verdict);
  });

  test('outside targets are no Pods of the world', () => {
    expect(expectation(['* -> */* no'])({ ...cell, to: 'dns' })).toBe('allowed');
    expect(expectation(['* -> dns no'])({ ...cell, to: 'dns' })).toBe('denied');
  });

  test('a line that cannot be read is refused', () => {
    expect(() => expectation(['x/a reaches y/b'])).toThrow(TypeError);
  });
});
