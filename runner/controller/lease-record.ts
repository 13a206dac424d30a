// What one candidate knows of the Lease, and what it writes: pure, with times passed in. Times of other candidates are never compared
// with our clock; what counts is how long we ourselves have seen the same record.
import type { Lease } from '../kube/index.ts';

export interface LeaseView {
  readonly lease: Lease;
  readonly holder: string | undefined;
  /** By our monotonic clock, when this very record was first seen. */
  readonly sinceMs: number;
}

/** The view after reading `lease`: the time starts anew whenever anybody has written it. */
export function seen(lease: Lease, before: LeaseView | undefined, nowMs: number): LeaseView {
  const version = lease.metadata?.resourceVersion;
  const same = before !== undefined && before.lease.metadata?.resourceVersion === version;
  const holder = lease.spec?.holderIdentity;
  return { lease, holder: holder === '' ? undefined : holder, sinceMs: same ? before.sinceMs : nowMs };
}

/** Free, ours, or not renewed for its whole duration while we were looking. */
export function mayTake(view: LeaseView, identity: string, nowMs: number): boolean {
  if (view.holder === undefined || view.holder === identity) return true;
  return nowMs - view.sinceMs >= (view.lease.spec?.leaseDurationSeconds ?? 0) * 1_000;
}

export interface Claim {
  readonly namespace: string;
  readonly name: string;
  readonly identity: string;
  readonly leaseDurationMs: number;
  readonly now: Date;
}

/** The Lease as this candidate's. With the resourceVersion that was read, so only one of those who read it can write it. */
export function leaseAfter(lease: Lease | undefined, claim: Claim): Lease {
  const { namespace, name, identity, leaseDurationMs, now } = claim;
  const { holderIdentity, acquireTime, leaseTransitions = 0 } = lease?.spec ?? {};
  const ours = holderIdentity === identity && acquireTime !== undefined;
  return {
    ...(lease ?? { metadata: { namespace, name } }),
    spec: {
      ...lease?.spec,
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(leaseDurationMs / 1_000),
      acquireTime: ours ? acquireTime : microTime(now),
      renewTime: microTime(now),
      leaseTransitions: ours || lease === undefined ? leaseTransitions : leaseTransitions + 1,
    },
  };
}

/** The Lease as nobody's. */
export function released(lease: Lease, now: Date): Lease {
  const spec = { ...lease.spec, leaseDurationSeconds: 1, renewTime: microTime(now) };
  return { ...lease, spec: { ...spec, holderIdentity: '' } };
}

/** metav1.MicroTime: six decimals. */
export function microTime(date: Date): string {
  return `${date.toISOString().slice(0, 23)}000Z`;
}
