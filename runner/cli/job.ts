// The Job this process is a Pod of, as the chart's downward API tells it; outside a Job there is none.
import { hostname } from 'node:os';
import type { Shard } from '../execution/index.ts';

export interface Job {
  /** Label batch.kubernetes.io/controller-uid. */
  readonly uid?: string;
  /** Label batch.kubernetes.io/job-name. */
  readonly name?: string;
}

export function jobOf(env: NodeJS.ProcessEnv): Job {
  const { CHARTER_JOB_UID: uid = '', CHARTER_JOB_NAME: name = '' } = env;
  return { ...(uid === '' ? {} : { uid }), ...(name === '' ? {} : { name }) };
}

/** `2/3`, as reports write it. */
export function shardText({ index, count }: Shard): string {
  return `${index}/${count}`;
}

/** What stands in the journal whether or not the run can start, so that journals of one Job find each other. */
export function jobProperties(job: Job, shard: Shard | undefined): Record<string, string> {
  return {
    ...(job.uid === undefined ? {} : { job: job.uid }),
    ...(job.name === undefined ? {} : { 'job-name': job.name }),
    ...(shard === undefined ? {} : { shard: shardText(shard) }),
  };
}

/** The holder of a lock in words. */
export function describeRun(job: Job, runId: string): string {
  return job.name === undefined ? `run ${runId} on ${hostname()}` : `Job ${job.name}, Pod ${hostname()}`;
}

/** How a run begins to name itself to whoever finds the lock of its folder held. */
export const heldAs = (runId: string): string => `run ${runId},`;
