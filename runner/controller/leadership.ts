// Leader election by one Lease. The promise is in types.ts; what is read and written is in lease-record.ts.

import type { Clock } from '../kube/index.ts';
import { isKubeError, type KubeClient, type Lease, pause, resources, systemClock } from '../kube/index.ts';
import { type LeaseView, leaseAfter, mayTake, released, seen } from './lease-record.ts';
import type { Leadership, LeadershipOptions, LeadershipState } from './types.ts';

export interface LeadershipEdges {
  readonly client: KubeClient;
  readonly clock?: Clock;
  /** Between 0 and 1; Math.random when not given. */
  readonly random?: () => number;
  /** Every try that failed; for logs. It goes on by itself. */
  readonly onError?: (error: unknown) => void;
}

export function leadership(options: LeadershipOptions, edges: LeadershipEdges): Leadership {
  const { namespace, name, identity } = options;
  const { leaseDurationMs = 15_000, renewDeadlineMs = 10_000, retryPeriodMs = 2_000 } = options;
  const { client, clock = systemClock, random = Math.random, onError = () => {} } = edges;
  if (!(retryPeriodMs < renewDeadlineMs && renewDeadlineMs < leaseDurationMs))
    throw new RangeError('leadership needs retryPeriodMs < renewDeadlineMs < leaseDurationMs');
  const ref = { namespace, name };
  let view: LeaseView | undefined;
  let answeredMs = Number.NEGATIVE_INFINITY;
  /** By the monotonic clock; nothing may be done under this lease from then on. */
  let oursUntilMs = Number.NEGATIVE_INFINITY;
  /** Lost once is lost, even when a renewal that was on its way still succeeds. */
  let given = false;

  const mayAct = () => given && clock.monotonicMs() < oursUntilMs;
  const state = (): LeadershipState => {
    if (mayAct()) return 'leading';
    return clock.monotonicMs() - answeredMs < leaseDurationMs ? 'following' : 'unknown';
  };

  /** What the API server says now, by our clock. */
  async function look(signal?: AbortSignal): Promise<Lease | undefined> {
    const timing = { timeoutMs: retryPeriodMs * 2, ...(signal === undefined ? {} : { signal }) };
    const lease = await client.find(resources.leases, ref, timing);
    answeredMs = clock.monotonicMs();
    view = lease === undefined ? undefined : seen(lease, view, answeredMs);
    return lease;
  }

  /** Writes the Lease as ours; false when somebody else was quicker. */
  async function claim(lease: Lease | undefined): Promise<boolean> {
    const sentMs = clock.monotonicMs();
    const wanted = leaseAfter(lease, { ...ref, identity, leaseDurationMs, now: clock.now() });
    try {
      const timing = { timeoutMs: retryPeriodMs * 2 };
      const written =
        lease === undefined
          ? await client.create(resources.leases, wanted, timing)
          : await client.replace(resources.leases, wanted, timing);
      answeredMs = clock.monotonicMs();
      view = seen(written, view, answeredMs);
      oursUntilMs = sentMs + renewDeadlineMs;
      return true;
    } catch (error) {
      if (isKubeError(error, 'CHR_KUBE_CONFLICT', 'CHR_KUBE_ALREADY_EXISTS')) return false;
      throw error;
    }
  }

  const between = (signal: AbortSignal) => pause(clock, retryPeriodMs * (1 + 0.2 * random()), signal);

  async function acquire(signal: AbortSignal): Promise<void> {
    for (; !signal.aborted; await between(signal)) {
      try {
        const lease = await look(signal);
        const free = view === undefined || mayTake(view, identity, clock.monotonicMs());
        given = free && !signal.aborted;
        if (given && (await claim(lease))) return;
      } catch (error) {
        if (!signal.aborted) onError(error);
      }
    }
  }

  /** Until `ended` is aborted or the lease is another's. */
  async function keep(ended: AbortSignal, lose: () => void): Promise<void> {
    for (await between(ended); !ended.aborted; await between(ended)) {
      if (!mayAct()) return lose();
      try {
        if (view !== undefined && (await claim(view.lease))) continue;
        await look(ended);
        if (view?.holder !== identity) return lose();
      } catch (error) {
        if (!ended.aborted) onError(error);
      }
    }
  }

  /** Aborts as soon as the time is over for which the last renewal counts, whatever becomes of the renewals under way. */
  async function guard(ended: AbortSignal, lose: () => void): Promise<void> {
    while (!ended.aborted && mayAct()) await pause(clock, oursUntilMs - clock.monotonicMs(), ended);
    if (!ended.aborted) lose();
  }

  async function release(): Promise<void> {
    given = false;
    try {
      const lease = view?.holder === identity ? view.lease : undefined;
      if (lease === undefined) return;
      const nobodys = released(lease, clock.now());
      const written = await client.replace(resources.leases, nobodys, { timeoutMs: retryPeriodMs * 2 });
      view = seen(written, view, clock.monotonicMs());
    } catch (error) {
      // A conflict says that another has it already.
      if (!isKubeError(error, 'CHR_KUBE_CONFLICT', 'CHR_KUBE_NOT_FOUND')) onError(error);
    }
  }

  async function lead(
    work: (signal: AbortSignal) => Promise<void>,
    signal: AbortSignal,
  ): Promise<'released' | 'lost'> {
    await acquire(signal);
    if (signal.aborted) {
      if (mayAct()) await release();
      return 'released';
    }
    const working = new AbortController();
    const ended = new AbortController();
    const onStop = () => working.abort(signal.reason);
    signal.addEventListener('abort', onStop, { once: true });
    let outcome: 'released' | 'lost' = 'released';
    const lose = () => {
      given = false;
      outcome = 'lost';
      ended.abort();
      working.abort(new Error(`the lease ${namespace}/${name} is no longer ours`));
    };
    const watching = Promise.all([keep(ended.signal, lose), guard(ended.signal, lose)]);
    try {
      // It is renewed until the work has really ended: who stops slowly still must not be overlapped.
      await work(working.signal);
    } finally {
      signal.removeEventListener('abort', onStop);
      ended.abort();
      await watching;
      await release();
    }
    return outcome;
  }

  return { identity, state, leader: () => view?.holder, mayAct, lead };
}
