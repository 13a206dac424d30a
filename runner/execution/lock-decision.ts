// Pure: what to do about the run lock, from the Lease as it was seen. Who judges a Lease trusts the clocks of the nodes to agree
// to within a sixth of the lease time (lock-times.ts), as everything in a cluster does that checks a certificate or a token.
import type { LeaseSpec } from '../apiserver/index.ts';

export interface Claim {
  /** The Job's UID, so that its shards share the lock and a replacement Pod inherits it. */
  readonly me: string;
  readonly leaseMs: number;
  /** Of the Lease when this run got it; undefined while it does not hold the lock. */
  readonly transitions: number | undefined;
}

export type Decision =
  /** Nobody holds it, or its holder is dead: write `spec`. */
  | { readonly act: 'acquire'; readonly spec: LeaseSpec }
  /** It is ours, or our Job's: write `spec`. */
  | { readonly act: 'renew'; readonly spec: LeaseSpec }
  /** Somebody else's until `freeAt` (epoch milliseconds), unless it is renewed. */
  | { readonly act: 'wait'; readonly freeAt: number }
  /** It was ours and is no more, whoever has it now. */
  | { readonly act: 'lost' };

/** `now` in epoch milliseconds. */
export function decide(seen: LeaseSpec, { me, leaseMs, transitions }: Claim, now: number): Decision {
  const holder = seen.holderIdentity ?? '';
  const isMine = holder === me;
  const times = {
    holderIdentity: me,
    // Whole seconds are all a Lease can say; longer is the safe side.
    leaseDurationSeconds: Math.ceil(leaseMs / 1_000),
    renewTime: microTime(now),
  };
  if (transitions !== undefined && (!isMine || transitionsOf(seen) !== transitions)) return { act: 'lost' };
  if (isMine) return { act: 'renew', spec: { ...seen, ...times } };
  const freeAt = holder === '' ? undefined : expiryOf(seen);
  if (freeAt !== undefined && freeAt > now) return { act: 'wait', freeAt };
  const changed = { acquireTime: times.renewTime, leaseTransitions: transitionsOf(seen) + 1 };
  return { act: 'acquire', spec: { ...seen, ...times, ...changed } };
}

export function transitionsOf({ leaseTransitions = 0 }: LeaseSpec): number {
  return leaseTransitions;
}

/** Epoch milliseconds; undefined where the Lease does not say until when it holds. */
function expiryOf({ renewTime, leaseDurationSeconds }: LeaseSpec): number | undefined {
  const renewed = Date.parse(renewTime ?? '');
  return Number.isNaN(renewed) || leaseDurationSeconds === undefined
    ? undefined
    : renewed + leaseDurationSeconds * 1_000;
}

/** RFC 3339 with six decimals, the only form the API server takes. */
export function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
