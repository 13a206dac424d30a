// When a workload counts as ready: by its own status, as `kubectl rollout status` and kstatus take it.
import { expect, test } from 'vitest';
import type { AnyObject } from '../../kube/index.ts';
import { unready } from './health.ts';

type Row = readonly [what: string, kind: string, spec: object, status: object, says: string | undefined];

const seen = { observedGeneration: 2 };
const onDelete = { type: 'OnDelete' };
const rows: readonly Row[] = [
  [
    'all of one revision and available',
    'Deployment',
    { replicas: 1 },
    { ...seen, replicas: 1, updatedReplicas: 1, availableReplicas: 1 },
    undefined,
  ],
  [
    'a new Pod that crashes beside the old one that answers',
    'Deployment',
    { replicas: 1 },
    { ...seen, replicas: 2, updatedReplicas: 1, availableReplicas: 1 },
    'w: 1 of an older revision still there',
  ],
  [
    'a new Pod that is not made yet',
    'Deployment',
    { replicas: 1 },
    { ...seen, replicas: 1, availableReplicas: 1 },
    'w: 0 of 1 ready',
  ],
  ['none wanted', 'Deployment', { replicas: 0 }, seen, undefined],
  [
    'a change that its controller has not seen',
    'Deployment',
    {},
    { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 },
    'w: not yet observed',
  ],
  [
    'all ready and updated',
    'StatefulSet',
    { replicas: 2 },
    { ...seen, readyReplicas: 2, updatedReplicas: 2 },
    undefined,
  ],
  [
    'all ready, none updated yet',
    'StatefulSet',
    { replicas: 2 },
    { ...seen, readyReplicas: 2 },
    'w: 0 of 2 updated',
  ],
  [
    'as many updated as its partition lets through',
    'StatefulSet',
    { replicas: 2, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } },
    { ...seen, readyReplicas: 2, updatedReplicas: 1 },
    undefined,
  ],
  [
    'updated only where somebody deletes a Pod',
    'StatefulSet',
    { replicas: 2, updateStrategy: onDelete },
    { ...seen, readyReplicas: 2 },
    undefined,
  ],
  [
    'all available and updated',
    'DaemonSet',
    {},
    { ...seen, desiredNumberScheduled: 2, numberAvailable: 2, updatedNumberScheduled: 2 },
    undefined,
  ],
  [
    'all available, one of them updated',
    'DaemonSet',
    {},
    { ...seen, desiredNumberScheduled: 2, numberAvailable: 2, updatedNumberScheduled: 1 },
    'w: 1 of 2 updated',
  ],
  [
    'updated only where somebody deletes a Pod',
    'DaemonSet',
    { updateStrategy: onDelete },
    { ...seen, desiredNumberScheduled: 2, numberAvailable: 2 },
    undefined,
  ],
  ['no node for it', 'DaemonSet', {}, seen, undefined],
  ['available', 'ReplicaSet', { replicas: 2 }, { ...seen, availableReplicas: 2 }, undefined],
  ['one of two', 'ReplicaSet', { replicas: 2 }, { ...seen, availableReplicas: 1 }, 'w: 1 of 2 ready'],
  [
    'one of two',
    'ReplicationController',
    { replicas: 2 },
    { ...seen, availableReplicas: 1 },
    'w: 1 of 2 ready',
  ],
  ['ended well', 'Pod', {}, { phase: 'Succeeded' }, undefined],
  ['ended badly', 'Pod', {}, { phase: 'Failed' }, 'w: failed'],
  ['ended badly, with words', 'Pod', {}, { phase: 'Failed', message: 'evicted' }, 'w: evicted'],
  ['without a node', 'Pod', {}, { phase: 'Pending' }, 'w: pending'],
  ['that nobody has looked at', 'Pod', {}, {}, 'w: pending'],
  [
    'running and ready',
    'Pod',
    {},
    { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
    undefined,
  ],
  [
    'running, its container crashing',
    'Pod',
    {},
    { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] },
    'w: running, not ready',
  ],
  [
    'failed',
    'Job',
    {},
    { conditions: [{ type: 'Failed', status: 'True', message: 'backoff limit' }] },
    'w: backoff limit',
  ],
  ['at work', 'Job', {}, { active: 1 }, undefined],
  ['of a kind without readiness', 'ConfigMap', {}, {}, undefined],
];

test.each(rows)('%s (%s)', (_, kind, spec, status, says) => {
  const object = { kind, metadata: { name: 'w', generation: 2 }, spec, status } as AnyObject;
  expect(unready(object)).toBe(says && `${kind} ${says}`);
});
