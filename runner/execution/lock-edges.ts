// The run lock's way to the real Lease.
import { type ApiServerAccess, getLease, updateLease } from '../apiserver/index.ts';
import type { LeaseEdges } from './lock-lease.ts';

export function leaseEdges(access: ApiServerAccess, name: string): LeaseEdges {
  return {
    read: (limits) => getLease(access, name, limits),
    write: (lease, limits) => updateLease(access, name, lease, limits),
  };
}
