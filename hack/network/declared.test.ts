import { expect, test } from 'vitest';
import { planAnnotation } from '../../runner/network/world/names.ts';
import { undeclared } from './declared.ts';
import type { StepLine } from './runs.ts';

const step = (id: string, ...writes: StepLine['writes']): StepLine => ({
  ...{ step: id, verdict: 'pass', durationMs: 2_000, judged: 324, standIns: 0, transients: 0 },
  ...{ writes, pairs: [] },
});
const inX = 'charter-net-0a1b2c-x';
const declared = { purpose: 'declared' } as const;
const policy = { ...declared, verb: 'create', kind: 'NetworkPolicy', namespace: inX, name: 'p' };
const planned = `metadata.annotations.${planAnnotation}`;
const plan = {
  ...{ verb: 'patch', kind: 'Pod', namespace: inX, name: 'a', purpose: 'plan' },
  touches: [planned],
};

test('what a step declares, and what the one before it has left, may be written', () => {
  const inY = { ...policy, namespace: 'charter-net-0a1b2c-y', verb: 'delete' };
  // deny.14 has a policy in y, targets-ingress.1 has not: it removes it.
  expect(undeclared([step('deny.14', policy), step('targets-ingress.1', inY)])).toEqual([]);
  const label = { ...declared, verb: 'patch', kind: 'Namespace', name: inX };
  expect(undeclared([step('deny.1', label)])).toEqual([]);
});

test.each([
  [
    'a policy in a namespace of another step',
    { ...policy, namespace: 'charter-net-0a1b2c-y' },
    'NetworkPolicy y/p',
  ],
  ['a policy of another name', { ...policy, name: 'other' }, 'NetworkPolicy x/other'],
  ['another kind', { ...policy, kind: 'Secret' }, 'Secret x/p'],
  ['an object of the world itself', { ...policy, purpose: 'world' }, 'NetworkPolicy x/p'],
])('%s is told', (_, write, object) => {
  expect(undeclared([step('deny.1', write)])).toEqual([`deny.1: create ${object} (${write.purpose})`]);
});

test('probers are told only where Pods come or go', () => {
  expect(undeclared([step('pods.1', plan)])).toEqual([]);
  expect(undeclared([step('deny.2', plan)])).toEqual(['deny.2: patch Pod x/a (plan)']);
});

test.each([
  ['a label beside it', { touches: [planned, 'metadata.labels.pod'] }, `${planned}, metadata.labels.pod`],
  ['another annotation', { touches: ['metadata.annotations.other'] }, 'metadata.annotations.other'],
  ['nobody knows what', { touches: [] }, 'it knows not what'],
  ['a Pod that is made', { verb: 'create', touches: [planned] }, planned],
])('a plan is one annotation of a prober, and not %s', (_, more, touched) => {
  expect(undeclared([step('pods.1', { ...plan, ...more })])).toEqual([
    expect.stringContaining(`Pod x/a (plan that touches ${touched})`),
  ]);
});
