// Are the workloads of a release ready, as their own status says? Counted as `kubectl rollout status` does, and what that does not know as kstatus.
import type { AnyObject } from '../../kube/index.ts';

interface WorkloadSpec {
  readonly replicas?: number;
  readonly updateStrategy?: {
    readonly type?: string;
    readonly rollingUpdate?: { readonly partition?: number };
  };
}

interface WorkloadStatus {
  readonly phase?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly availableReplicas?: number;
  readonly readyReplicas?: number;
  readonly desiredNumberScheduled?: number;
  readonly updatedNumberScheduled?: number;
  readonly numberAvailable?: number;
  readonly conditions?: readonly {
    readonly type: string;
    readonly status: string;
    readonly message?: string;
  }[];
}

type Health = (spec: WorkloadSpec, status: WorkloadStatus) => string | undefined;

const counted: Readonly<Record<string, Health>> = {
  Deployment: ({ replicas = 1 }, status) => {
    const { replicas: all = 0, updatedReplicas: updated = 0, availableReplicas: available = 0 } = status;
    return (
      short(Math.min(updated, available), replicas) ??
      (all > updated ? `${all - updated} of an older revision still there` : undefined)
    );
  },
  StatefulSet: ({ replicas = 1, updateStrategy }, { readyReplicas, updatedReplicas }) => {
    const toUpdate = isRolling(updateStrategy)
      ? replicas - (updateStrategy?.rollingUpdate?.partition ?? 0)
      : 0;
    return short(readyReplicas, replicas) ?? short(updatedReplicas, toUpdate, 'updated');
  },
  DaemonSet: (
    { updateStrategy },
    { desiredNumberScheduled: wanted = 0, numberAvailable, updatedNumberScheduled },
  ) =>
    short(numberAvailable, wanted) ??
    short(updatedNumberScheduled, isRolling(updateStrategy) ? wanted : 0, 'updated'),
  ReplicaSet: ({ replicas = 1 }, { availableReplicas }) => short(availableReplicas, replicas),
  ReplicationController: ({ replicas = 1 }, { availableReplicas }) => short(availableReplicas, replicas),
};

/** What is not ready, in words; undefined when it is, or when the kind has no readiness. */
export function unready(object: AnyObject): string | undefined {
  const status = (object.status ?? {}) as WorkloadStatus;
  const why = troubleOf(object, (object.spec ?? {}) as WorkloadSpec, status);
  return why === undefined ? undefined : `${object.kind} ${object.metadata?.name}: ${why}`;
}

function troubleOf(
  { kind, metadata }: AnyObject,
  spec: WorkloadSpec,
  status: WorkloadStatus,
): string | undefined {
  if (kind === 'Pod') return troubleOfPod(status);
  if (kind === 'Job') return saysOf(status, 'Failed', 'failed');
  const health = counted[kind ?? ''];
  if (health === undefined) return undefined;
  if ((status.observedGeneration ?? 0) < (metadata?.generation ?? 0)) return 'not yet observed';
  return health(spec, status);
}

function troubleOfPod(status: WorkloadStatus): string | undefined {
  const { phase = 'Pending', reason, message, conditions = [] } = status;
  if (phase === 'Succeeded') return undefined;
  if (phase !== 'Running') return message ?? reason ?? phase.toLowerCase();
  const isReady = conditions.some((one) => one.type === 'Ready' && one.status === 'True');
  return isReady ? undefined : 'running, not ready';
}

function saysOf({ conditions = [] }: WorkloadStatus, type: string, otherwise: string): string | undefined {
  const one = conditions.find((some) => some.type === type && some.status === 'True');
  return one && (one.message ?? otherwise);
}

/** Pods are replaced without anybody deleting them. */
function isRolling(strategy: WorkloadSpec['updateStrategy']): boolean {
  return strategy?.type !== 'OnDelete';
}

function short(count = 0, of = 1, word = 'ready'): string | undefined {
  return count < of ? `${count} of ${of} ${word}` : undefined;
}
