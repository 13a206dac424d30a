// Pure: how the time of a Lease is shared out, so that no case runs at a time at which another run may hold the lock:
//
//   renewed                                         cases start no more           running cases are gone       free for others
//   |------------------------- usable -------------------------|---- graceMs ----|---- a sixth: clocks ----|
//
// charter.yaml is refused where `graceMs` is more than a third, so at least half of the lease time is usable.

export interface LeaseTimes {
  readonly renewEveryMs: number;
  /** How long after a renewal cases may start. */
  readonly usableMs: number;
}

export interface LeaseShares {
  readonly leaseMs: number;
  /** What running cases get to end when the lock is lost. */
  readonly graceMs: number;
}

/** By how much the clocks of two nodes may differ, as a part of the lease time. */
const clockShare = 1 / 6;

export function leaseTimes({ leaseMs, graceMs }: LeaseShares): LeaseTimes {
  return { renewEveryMs: leaseMs / 3, usableMs: Math.floor(leaseMs * (1 - clockShare)) - graceMs };
}
