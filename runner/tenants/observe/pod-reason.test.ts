import { expect, test } from 'vitest';
import type { AnyObject, CoreEvent, Pod } from '../../kube/index.ts';
import { unready } from './health.ts';
import { podReasons } from './pod-reason.ts';

const madeBy = (kind: string, name: string) => [{ kind, name, controller: true }];
const pod = (status: object): Pod =>
  ({
    metadata: { name: 'web-7d9-abc', uid: 'u1', ownerReferences: madeBy('ReplicaSet', 'web-7d9') },
    status,
  }) as Pod;
const waiting = (reason: string, message = '') =>
  pod({
    phase: 'Pending',
    containerStatuses: [{ name: 'app', ready: false, state: { waiting: { reason, message } } }],
  });
const event = (
  reason: string,
  message: string,
  involvedObject: object,
  lastTimestamp = '2026-01-01T00:00:00Z',
) => ({ type: 'Warning', reason, message, involvedObject, lastTimestamp }) as CoreEvent;

test.each<[string, Pod[], CoreEvent[], string[]]>([
  [
    'image',
    [waiting('ImagePullBackOff', 'Back-off pulling image "nowhere/none:1"')],
    [],
    ['Pod web-7d9-abc: container app: ImagePullBackOff: Back-off pulling image "nowhere/none:1"'],
  ],
  [
    'crash',
    [
      pod({
        containerStatuses: [
          {
            name: 'app',
            ready: false,
            state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s' } },
            lastState: { terminated: { reason: 'Error', exitCode: 3 } },
          },
        ],
      }),
    ],
    [],
    ['Pod web-7d9-abc: container app: CrashLoopBackOff: Error with exit code 3'],
  ],
  [
    'probe, by its latest event',
    [pod({ phase: 'Running', containerStatuses: [{ name: 'app', ready: false, state: { running: {} } }] })],
    [
      event('Unhealthy', 'Readiness probe failed: old', { uid: 'u1' }),
      event('Unhealthy', 'Readiness probe failed: HTTP 503', { uid: 'u1' }, '2026-01-02T00:00:00Z'),
      event('Unhealthy', 'of another', { uid: 'u2' }, '2026-01-03T00:00:00Z'),
    ],
    ['Pod web-7d9-abc: Unhealthy: Readiness probe failed: HTTP 503'],
  ],
  [
    'no room',
    [
      pod({
        phase: 'Pending',
        conditions: [
          {
            type: 'PodScheduled',
            status: 'False',
            reason: 'Unschedulable',
            message: '0/1 nodes are available',
          },
        ],
      }),
    ],
    [],
    ['Pod web-7d9-abc: Unschedulable: 0/1 nodes are available'],
  ],
  [
    'quota, where no Pod was made',
    [],
    [
      event('FailedCreate', 'pods "web-1" is forbidden: exceeded quota: tight', {
        kind: 'ReplicaSet',
        name: 'web-7d9',
      }),
    ],
    ['ReplicaSet web-7d9: pods "web-1" is forbidden: exceeded quota: tight'],
  ],
  ['Pods of others', [{ ...waiting('ErrImagePull'), metadata: { name: 'other-1' } }], [], []],
  [
    'Pods that are well',
    [pod({ phase: 'Running', containerStatuses: [{ name: 'app', ready: true, state: { running: {} } }] })],
    [event('Unhealthy', 'once', { uid: 'u1' })],
    [],
  ],
  [
    'a container that is being made',
    [waiting('ContainerCreating')],
    [],
    ['Pod web-7d9-abc: container app not ready'],
  ],
  [
    'a failed hook',
    [
      pod({
        phase: 'Failed',
        containerStatuses: [
          { name: 'app', ready: false, state: { terminated: { reason: 'Error', exitCode: 1 } } },
        ],
      }),
    ],
    [],
    ['Pod web-7d9-abc: container app: Failed: Error with exit code 1'],
  ],
])("the failing Pod's own reason: %s", (_, pods, events, expected) => {
  expect(podReasons({ pods, events, workloads: ['web'], since: undefined })).toEqual(expected);
});

test.each<[string, string | undefined, string, boolean]>([
  ['ReplicaSet', 'web-7d9', 'web-7d9-abc', true],
  ['ReplicaSet', 'web-2-7d9', 'web-2-7d9-abc', false],
  ['StatefulSet', 'web', 'web-0', true],
  ['StatefulSet', 'web-2', 'web-2-0', false],
  ['DaemonSet', 'web', 'web-abcde', true],
  ['Job', 'web', 'web-abcde', true],
  ['Job', 'web-29000000', 'web-29000000-abcde', true],
  ['Job', 'web-2-29000000', 'web-2-29000000-abcde', false],
  ['Job', 'web-2', 'web-2-abcde', false],
  ['Pod', undefined, 'web', true],
  ['Pod', undefined, 'web-2', false],
])('a Pod of %s %s, %s, is one of the release: %s', (kind, owner, name, isOurs) => {
  const ownerReferences = owner === undefined ? [] : madeBy(kind, owner);
  const failing = { ...waiting('ErrImagePull'), metadata: { name, ownerReferences } } as Pod;
  const refused = event('FailedCreate', 'no', { kind, name: owner ?? name });
  const of = (pods: Pod[], events: CoreEvent[]) =>
    podReasons({ pods, events, workloads: ['web'], since: undefined }).length > 0;
  expect([of([failing], []), of([], [refused])]).toEqual([isOurs, isOurs]);
});

test('what was refused before the rollout began is not its reason', () => {
  const refused = (at: string) => event('FailedCreate', at, { kind: 'ReplicaSet', name: 'web-7d9' }, at);
  const [before, after] = [refused('2026-01-01T00:00:00Z'), refused('2026-01-01T00:00:02Z')];
  const since = new Date('2026-01-01T00:00:01Z');
  const asked = (events: CoreEvent[]) => podReasons({ pods: [], events, workloads: ['web'], since });
  expect(asked([before])).toEqual([]);
  expect(asked([before, after])).toEqual(['ReplicaSet web-7d9: 2026-01-01T00:00:02Z']);
});

test.each<[string, object, number, object, string | undefined]>([
  [
    'Deployment',
    { replicas: 2 },
    3,
    { observedGeneration: 3, updatedReplicas: 2, availableReplicas: 2 },
    undefined,
  ],
  [
    'Deployment',
    { replicas: 2 },
    3,
    { observedGeneration: 3, updatedReplicas: 2, availableReplicas: 1 },
    'Deployment web: 1 of 2 ready',
  ],
  [
    'Deployment',
    {},
    4,
    { observedGeneration: 3, updatedReplicas: 1, availableReplicas: 1 },
    'Deployment web: not yet observed',
  ],
  ['Deployment', { replicas: 0 }, 1, { observedGeneration: 1 }, undefined],
  ['StatefulSet', {}, 1, { observedGeneration: 1 }, 'StatefulSet web: 0 of 1 ready'],
  [
    'DaemonSet',
    {},
    1,
    { observedGeneration: 1, desiredNumberScheduled: 2, numberAvailable: 2, updatedNumberScheduled: 2 },
    undefined,
  ],
  [
    'DaemonSet',
    {},
    1,
    { observedGeneration: 1, desiredNumberScheduled: 2, numberAvailable: 1 },
    'DaemonSet web: 1 of 2 ready',
  ],
  [
    'Job',
    {},
    1,
    { conditions: [{ type: 'Failed', status: 'True', message: 'BackoffLimitExceeded' }] },
    'Job web: BackoffLimitExceeded',
  ],
  ['ConfigMap', {}, 1, {}, undefined],
])('%s with spec %j of generation %d and status %j', (kind, spec, generation, status, expected) => {
  const object: AnyObject = { kind, metadata: { name: 'web', generation }, spec, status };
  expect(unready(object)).toBe(expected);
});
