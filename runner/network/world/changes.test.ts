// Between two declared states: only what differs is written, and labels that a step does not declare go back to what they were.
import { expect, test } from 'vitest';
import type { NetworkPolicy } from '../model/types.ts';
import { changesBetween, declaredState, isNothing } from './changes.ts';
import type { StepDeclaration } from './declaration.ts';

const bounds = { namespaces: ['x', 'y'], pods: ['x/a', 'x/b', 'y/a'] };
const policy = (name: string, spec: NetworkPolicy['spec'] = {}): NetworkPolicy => ({
  metadata: { name, namespace: 'x' },
  spec,
});
const between = (is: Partial<StepDeclaration>, wanted: Partial<StepDeclaration>) => {
  const state = (one: Partial<StepDeclaration>) =>
    declaredState({ name: 'step', policies: [], ...one }, bounds);
  return changesBetween(state(is), state(wanted));
};
const names = (policies: readonly NetworkPolicy[]) => policies.map(({ metadata }) => metadata.name);

test('the same state needs no write', () => {
  const same = { policies: [policy('one', { ingress: [] })], podLabels: { 'x/a': { tier: 'web' } } };
  expect(isNothing(between(same, structuredClone(same)))).toBe(true);
});

test('policies: new and changed ones are applied, others removed', () => {
  const is = { policies: [policy('keeps'), policy('goes'), policy('changes')] };
  const wanted = { policies: [policy('keeps'), policy('changes', { egress: [] }), policy('comes')] };
  const changes = between(is, wanted);
  expect(names(changes.removePolicies)).toEqual(['goes']);
  expect(names(changes.putPolicies)).toEqual(['changes', 'comes']);
});

test('labels: set, and taken back by the step that does not declare them', () => {
  const labelled = {
    podLabels: { 'x/a': { pod: 'b', tier: 'web' } },
    namespaceLabels: { y: { team: 'blue' } },
  };
  const there = between({}, labelled);
  expect(there.podLabels).toEqual(new Map([['x/a', { pod: 'b', tier: 'web' }]]));
  expect(there.namespaceLabels).toEqual(new Map([['y', { team: 'blue' }]]));
  const back = between(labelled, {});
  expect(back.podLabels).toEqual(new Map([['x/a', { pod: 'a', tier: null }]]));
  expect(back.namespaceLabels).toEqual(new Map([['y', { team: null }]]));
});

test('Pods come with their labels, and go', () => {
  const changes = between(
    {},
    { morePods: ['y/d'], withoutPods: ['x/b'], podLabels: { 'y/d': { tier: 'db' } } },
  );
  expect(changes.removePods).toEqual(['x/b']);
  expect(changes.createPods).toEqual(new Map([['y/d', { pod: 'd', tier: 'db' }]]));
  expect(changes.podLabels.size).toBe(0);
});
