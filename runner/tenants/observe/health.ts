// Are the workloads of a release ready, as their own status says?
import type { AnyObject } from '../../kube/index.ts';

interface WorkloadStatus {
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

/** What is not ready, in words; undefined when it is, or when the kind has no readiness. */
export function unready(object: AnyObject): string | undefined {
  const status = (object.status ?? {}) as WorkloadStatus;
  const spec = (object.spec ?? {}) as { replicas?: number; paused?: boolean };
  const wanted = spec.replicas ?? 1;
  const name = `${object.kind} ${object.metadata?.name}`;
  const count = (ready = 0, of = wanted) => (ready < of ? `${name}: ${ready} of ${of} ready` : undefined);
  const isStale = (status.observedGeneration ?? 0) < (object.metadata?.generation ?? 0);
  switch (object.kind) {
    case 'Deployment':
      if (isStale) return `${name}: not yet observed`;
      return count(Math.min(status.updatedReplicas ?? 0, status.availableReplicas ?? 0));
    case 'StatefulSet':
      if (isStale) return `${name}: not yet observed`;
      return count(status.readyReplicas);
    case 'DaemonSet':
      if (isStale) return `${name}: not yet observed`;
      return count(status.numberAvailable, status.desiredNumberScheduled ?? 0);
    case 'Job': {
      const failed = status.conditions?.find((one) => one.type === 'Failed' && one.status === 'True');
      return failed === undefined ? undefined : `${name}: ${failed.message ?? 'failed'}`;
    }
    default:
      return undefined;
  }
}
