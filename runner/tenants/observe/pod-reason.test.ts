import { expect, test } from 'vitest';
import type { AnyObject, CoreEvent, Pod } from '../../kube/index.ts';
import { unready } from './health.ts';
import { podReasons } from './pod-reason.ts';

const pod = (status: object, name = 'web-7d9-abc'): Pod => ({ metadata: { name, uid: 'u1' }, status }) as Pod;
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
  expect(podReasons({ pods, events, workloads: ['web'] })).toEqual(expected);
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
