// What keeps two runs from overlapping, as execution.lock says: the folder on this host, and in a cluster the Lease.
import { hostname } from 'node:os';
import { type ApiServerAccess, inClusterAccess } from '../apiserver/index.ts';
import type { Config } from '../config/index.ts';
import { CharterError } from '../errors/index.ts';
import {
  acquireLease,
  acquireLock,
  type Hold,
  type LeaseLock,
  leaseEdges,
  type RunLock,
  type Shard,
} from '../execution/index.ts';
import { describeRun, jobOf, shardText } from './job.ts';

export interface LockRequest {
  readonly out: string;
  readonly runId: string;
  readonly shard: Shard | undefined;
  /** Without a charter (it cannot be read, or the embedded platform is to come) the lock is the local one. */
  readonly config: Config | undefined;
  /** Ends the wait for a lock. */
  readonly signal: AbortSignal;
}

export interface RunLocks {
  readonly hold?: Hold;
  /** What the report says about the lock. */
  readonly properties: Readonly<Record<string, string>>;
  /** `keep` leaves a shared Lease to expire after its last holder. */
  readonly end: (lease: 'release' | 'keep') => Promise<void>;
}

/** Throws CHR_RUN_LOCKED, CHR_APISERVER, or the reason of `signal`. */
export async function takeLocks(request: LockRequest): Promise<RunLocks> {
  const { out, runId, shard, config } = request;
  const mode = config?.data.execution.lock.mode ?? 'local';
  if (mode === 'none') return { properties: { lock: 'none' }, end: async () => {} };
  // In a cluster the folder's lock still tells apart two processes of one Pod, which the Lease takes for one.
  const part = shard === undefined ? '' : shardText(shard);
  const folder = await acquireLock(out, `run ${runId}, process ${process.pid} on ${hostname()}`, part);
  if (mode === 'local' || config === undefined)
    return { properties: { lock: 'local' }, end: () => folder.release() };
  try {
    const lease = await takeLease(request, config);
    return withLease(folder, lease, config);
  } catch (error) {
    await folder.release();
    throw error;
  }
}

function withLease(folder: RunLock, lease: LeaseLock, config: Config): RunLocks {
  return {
    hold: lease,
    properties: { lock: `lease ${config.data.execution.lock.lease}` },
    end: async (how) => {
      await (how === 'release' ? lease.release() : lease.leave());
      await folder.release();
    },
  };
}

async function takeLease({ runId, signal }: LockRequest, config: Config): Promise<LeaseLock> {
  const { lease = '', leaseMs, waitMs } = config.data.execution.lock;
  const access = clusterFor('execution.lock.mode is lease');
  const job = jobOf(process.env);
  const options = {
    lease: `${access.namespace}/${lease}`,
    me: job.uid ?? runId,
    describe: describeRun(job, runId),
    ...{ leaseMs, waitMs, signal },
    graceMs: config.data.budgets.graceMs,
    tell: (text: string) => void process.stderr.write(`${text}\n`),
  };
  return acquireLease(options, leaseEdges(access, lease));
}

/** Throws CHR_APISERVER where this is no Pod with a token; `why` it is needed stands in the message. */
export function clusterFor(why: string): ApiServerAccess {
  const cluster = inClusterAccess();
  if ('access' in cluster) return cluster.access;
  throw new CharterError('CHR_APISERVER', `${why}, but there is no way to the API server: ${cluster.reason}`);
}
