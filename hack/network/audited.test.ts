import { expect, test } from 'vitest';
import type { AuditedCall } from '../kind/audit.ts';
import { execsIn, unaccounted } from './audited.ts';
import type { StepLine } from './runs.ts';

const inX = 'charter-net-0a1b2c-x';
const call = (verb: string, resource: string, more: Partial<AuditedCall> = {}): AuditedCall => ({
  ...{ verb, resource, userAgent: 'charter-runner', status: 200, namespace: inX, name: 'p' },
  ...more,
});
const steps = (...writes: StepLine['writes'][number][]): StepLine[] => [
  {
    ...{ step: 'deny.1', verdict: 'pass', durationMs: 2_000, judged: 324, standIns: 0, transients: 0 },
    ...{ writes, pairs: [] },
  },
];
const policy = { kind: 'NetworkPolicy', namespace: inX, name: 'p', purpose: 'declared' };
const written = steps({ ...policy, verb: 'create' }, { ...policy, verb: 'replace' });
const seen = [call('create', 'networkpolicies'), call('update', 'networkpolicies')] as const;
const world = call('create', 'namespaces', { namespace: inX, name: inX });

test('a world is made, its steps are told, and it is removed', () => {
  const removed = call('delete', 'namespaces', { namespace: inX, name: inX });
  const refused = call('create', 'pods', { status: 403 });
  const others = call('create', 'secrets', { namespace: 'kube-system', userAgent: 'helm' });
  expect(unaccounted([world, seen[0], refused, others, seen[1], removed], written)).toEqual([]);
});

test('a Pod of a step that is called like one of the world', () => {
  const pod = call('create', 'pods', { name: 'a' });
  const step = { verb: 'create', kind: 'Pod', namespace: inX, name: 'a', purpose: 'declared' };
  const calibration = call('create', 'networkpolicies', { name: 'calibration-ingress' });
  const created = steps({ ...policy, verb: 'create' }, step);
  expect(unaccounted([world, pod, calibration, seen[0], pod], created)).toEqual([]);
});

test('a write between the steps that nobody tells of', () => {
  const secretly = call('delete', 'pods', { name: 'a' });
  expect(unaccounted([world, seen[0], secretly, seen[1]], written)).toEqual([
    `the run does not tell of: delete pods ${inX}/a`,
  ]);
});

test('two worlds of one run: making the second is none of the first one’s steps, and a secret write in it is told', () => {
  const again = 'charter-net-3d4e5f-x';
  const inAgain = { ...policy, namespace: again };
  const steps2 = [...written, ...steps({ ...inAgain, verb: 'create' }, { ...inAgain, verb: 'replace' })];
  const made = [
    call('create', 'namespaces', { namespace: again, name: again }),
    call('create', 'pods', { namespace: again, name: 'a' }),
    call('create', 'networkpolicies', { namespace: again, name: 'calibration-ingress' }),
  ];
  const create = call('create', 'networkpolicies', { namespace: again });
  const update = call('update', 'networkpolicies', { namespace: again });
  const removed = call('delete', 'namespaces', { namespace: inX, name: inX });
  const secretly = call('delete', 'pods', { namespace: again, name: 'a' });
  expect(unaccounted([world, ...seen, removed, ...made, create, update], steps2)).toEqual([]);
  expect(unaccounted([world, seen[0], ...made, create, seen[1], update, removed], steps2)).toEqual([]);
  expect(unaccounted([world, ...seen, ...made, create, secretly, update], steps2)).toEqual([
    `the run does not tell of: delete pods ${again}/a`,
  ]);
});

test('a write outside of its own world, whenever', () => {
  const elsewhere = call('create', 'configmaps', { namespace: 'default' });
  const line = 'the run does not tell of: create configmaps default/p';
  expect(unaccounted([elsewhere, ...seen], written)).toEqual([line]);
  expect(unaccounted([elsewhere], [])).toEqual([line]);
});

test('a write that never was', () => {
  expect(unaccounted([seen[0]], written)).toEqual([
    `the API server has not seen: update networkpolicies ${inX}/p`,
  ]);
});

test('an exec is counted, whoever made it', () => {
  const exec = call('get', 'pods/exec', { userAgent: 'kubectl' });
  expect(execsIn([...seen, exec])).toBe(1);
});
