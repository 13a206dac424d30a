import { expect, test } from 'vitest';
import { planAnnotation } from '../../runner/network/world/names.ts';
import { catalogue } from '../../suites/network/catalogue/index.ts';
import type { Step } from '../../suites/network/catalogue/step.ts';
import { shortForm } from '../../suites/network/short.ts';
import { undeclared } from './declared.ts';
import type { StepLine } from './runs.ts';
import { walkOf } from './walked.ts';

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

const pod = (verb: string, name = 'a') => ({ ...declared, verb, kind: 'Pod', namespace: inX, name });
const label = (label: string, name = 'a') => ({
  ...pod('patch', name),
  touches: [`metadata.labels.${label}`],
});
const removed = { ...policy, verb: 'delete' };

test('what a step declares, and what the one before it has left, may be written', () => {
  const inY = { ...policy, namespace: 'charter-net-0a1b2c-y', verb: 'delete' };
  const over = { ...policy, verb: 'replace' };
  // deny.14 has a policy in y, targets-ingress.1 has not: it removes it.
  expect(undeclared([step('deny.14', policy), step('targets-ingress.1', over, inY)])).toEqual([]);
});

test('labels that all steps share are written in a new world, and not again', () => {
  const team = {
    ...declared,
    verb: 'patch',
    kind: 'Namespace',
    name: inX,
    touches: ['metadata.labels.team'],
  };
  expect(undeclared([step('deny.1', label('tier'), team, policy), step('deny.2')])).toEqual([]);
  expect(undeclared([step('deny.1', policy), step('deny.2', label('tier'), team)])).toEqual([
    'deny.2: patch Pod x/a (declared)',
    'deny.2: patch Namespace x (declared)',
  ]);
  const another = { ...label('tier'), namespace: 'charter-net-ffffff-x' };
  expect(undeclared([step('deny.1', policy), step('deny.2', another)])).toEqual([]);
});

test('a step may take its policies away, and the next one makes them again', () => {
  expect(undeclared([step('deny.1', policy, removed), step('deny.2', policy)])).toEqual([]);
  expect(undeclared([step('open.1', removed)])).toEqual(['open.1: delete NetworkPolicy x/p (declared)']);
});

test('a Pod is made and deleted only where it comes or goes', () => {
  const d = (verb: string) => pod(verb, 'd');
  expect(undeclared([step('pods.1', d('create'), plan)])).toEqual([]);
  expect(undeclared([step('pods.1', d('create')), step('deny.1', d('delete'))])).toEqual([]);
  expect(undeclared([step('pods.1', pod('create'), pod('delete'))])).toEqual([
    'pods.1: create Pod x/a (declared)',
    'pods.1: delete Pod x/a (declared)',
  ]);
  const c = (verb: string) => pod(verb, 'c');
  expect(undeclared([step('pods.4', c('delete')), step('pods.5', c('create'))])).toEqual([]);
});

test('one Pod and one label more are told', () => {
  // labels.2 gives x/b the label friend.
  const ground = step('labels.1', policy);
  expect(undeclared([ground, step('labels.2', label('friend', 'b'))])).toEqual([]);
  for (const more of [label('friend', 'a'), label('enemy', 'b'), pod('patch', 'b'), pod('delete', 'b')])
    expect(undeclared([ground, step('labels.2', more)])).toHaveLength(1);
});

test.each(['deny.1', 'deny.7', 'labels.2'])('in %s nobody may delete a Pod that the world needs', (id) => {
  expect(undeclared([step(id, pod('delete'))])).toEqual([`${id}: delete Pod x/a (declared)`]);
});

test.each([
  ['whole', () => true],
  ['short', (one: Step) => shortForm.has(one.id)],
])('what a run through the %s catalogue writes is declared', (_, isTaken) => {
  const lines = walkOf(catalogue.filter(isTaken));
  expect(undeclared(lines)).toEqual([]);
  expect(lines.flatMap(({ writes }) => writes).length).toBeGreaterThan(50);
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
