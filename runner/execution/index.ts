// Front door of execution: plans, shards and runs campaigns in processes that may die, and records what happened.
export { collect } from './collect.ts';
export { discover, type Found, shippedSuites } from './discover.ts';
export { acquireLock, lockHolder, type RunLock } from './lock.ts';
export { leaseEdges } from './lock-edges.ts';
export { acquireLease, type Hold, type LeaseLock } from './lock-lease.ts';
export { acquireSession, type LockSession } from './lock-session.ts';
export { networkSettledMs } from './new-pod.ts';
export type { CollectedCase } from './protocol.ts';
export { type NewEvent, type Recorder, type RunSink, recorder } from './record.ts';
export { type Selection, type Shard, select } from './select.ts';
export { supervise } from './supervise.ts';
export type { SuperviseEnd, Supervision } from './supervision.ts';
export { type WarmWorker, warmWorker } from './warm-worker.ts';
