// What keeps two runs from overlapping, as execution.lock says: the folder on this host, and in a cluster the Lease.
import { hostname } from 'node:os';
import { type ApiServerAccess, inClusterAccess } from '../apiserver/index.ts';
import type { Config } from '../config/index.ts';
import { CharterError } from '../errors/index.ts';
import {
  acquireLease,
  acquireLock,
  acquireSession,
  type Hold,
  type LeaseLock,
  leaseEdges,
  networkSettledMs,
  type RunLock,
  type Shard,
} from '../execution/index.ts';
import { describeRun, heldAs, jobOf, shardText } from './job.ts';

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
  /** Keeps a shared Lease no longer: it expires after its last holder. */
  readonly leave: () => Promise<void>;
  /** `keep` leaves a shared Lease to expire after its last holder. */
  readonly end: (lease: 'release' | 'keep') => Promise<void>;
}

/** Throws CHR_RUN_LOCKED, CHR_APISERVER, CHR_STORE, CHR_USAGE, or the reason of `signal`. */
export async function takeLocks(request: LockRequest): Promise<RunLocks> {
  const { out, runId, shard, config } = request;
  const mode = config?.data.execution.lock.mode ?? 'local';
  if (mode === 'none') return { properties: { lock: 'none' }, leave: nothing, end: nothing };
  // In a cluster the folder's lock still tells apart two processes of one Pod, which the Lease takes for one.
  const part = shard === undefined ? '' : shardText(shard);
  const folder = await acquireLock(out, `${heldAs(runId)} process ${process.pid} on ${hostname()}`, part);
  if (mode === 'local' || config === undefined)
    return { properties: { lock: 'local' }, leave: nothing, end: () => folder.release() };
  try {
    const { lock } = config.data.execution;
    if (mode === 'postgres') return locked(folder, await takeSession(request, config), 'postgres');
    return locked(folder, await takeLease(request, config), `lease ${lock.lease}`);
  } catch (error) {
    await folder.release();
    throw error;
  }
}

const nothing = async (): Promise<void> => {};

function locked(folder: RunLock, lease: LeaseLock, lock: string): RunLocks {
  return {
    hold: lease,
    properties: { lock },
    leave: lease.leave,
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

/** Loaded only here: the client of the database takes its time. */
async function takeSession({ runId, shard, signal }: LockRequest, config: Config): Promise<LeaseLock> {
  if (shard !== undefined)
    throw new CharterError(
      'CHR_USAGE',
      'execution.lock.mode postgres is for one process, and this is a shard',
      {
        hint: 'Shards of a Job share a Lease: execution.lock.mode lease.',
      },
    );
  const { lockSessions, onceReached } = await import('../store/index.ts');
  const { postgresOf } = await import('./store-access.ts');
  const { data, path } = config;
  const { leaseMs, waitMs } = data.execution.lock;
  const holder = describeRun(jobOf(process.env), runId);
  const { connection } = postgresOf(data.store, path, holder);
  const open = lockSessions(connection, { lock: `charter-run ${data.environment}`, holder, leaseMs });
  const tell = (text: string) => void process.stderr.write(`${text}\n`);
  const options = { lock: `${data.environment} in ${connection.name}`, leaseMs, waitMs, signal, tell };
  return acquireSession(
    { ...options, graceMs: data.budgets.graceMs },
    { open: () => onceReached(open, networkSettledMs) },
  );
}

/** Throws CHR_APISERVER where this is no Pod with a token; `why` it is needed stands in the message. */
export function clusterFor(why: string): ApiServerAccess {
  const cluster = inClusterAccess();
  if ('access' in cluster) return cluster.access;
  throw new CharterError('CHR_APISERVER', `${why}, but there is no way to the API server: ${cluster.reason}`);
}
