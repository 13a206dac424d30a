// The run lock of a cluster: one Lease, held by one Job. Guarantee: no case runs at a time at which another run may hold the lock, as
// long as `until` is asked before each, and running ones are gone `graceMs` after `lost`. Of a process that slept over its time only
// the first half holds: it starts no case before it has seen the Lease again.
import { setTimeout as systemSleep } from 'node:timers/promises';
import type { Lease } from '../apiserver/index.ts';
import { wordsOf } from '../errors/index.ts';
import type { RunLock } from './lock.ts';
import { decide, microTime, transitionsOf } from './lock-decision.ts';
import { type LeaseTimes, leaseTimes } from './lock-times.ts';
import { heldBy, holderNote, holderWords, lockedError } from './lock-words.ts';

export interface LeaseEdges {
  readonly read: (limits: Limits) => Promise<Lease>;
  readonly write: (lease: Lease, limits: Limits) => Promise<'written' | 'conflict'>;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface Limits {
  readonly timeoutMs: number;
  /** How long to ask again where nothing comes back. */
  readonly patienceMs: number;
}

export interface LeaseOptions {
  /** Namespace and name of the Lease, for messages. */
  readonly lease: string;
  readonly me: string;
  /** Who that is, in words: `Job nightly-1, Pod nightly-1-x2b`. */
  readonly describe: string;
  readonly leaseMs: number;
  readonly waitMs: number;
  /** What running cases get to end when the lock is lost; kept back from the lease time, of which it is at most a third. */
  readonly graceMs: number;
  /** Ends the wait for the lock. */
  readonly signal: AbortSignal;
  /** What an operator should know: that the run waits, that the lock could not be given back. */
  readonly tell: (text: string) => void;
}

/** A lock that may be lost while the run goes on. */
export interface Hold {
  /** Epoch milliseconds until which cases may start without another look at the Lease. */
  readonly until: () => number;
  /** Calls back at each renewal. */
  readonly follow: (listener: (until: number) => void) => void;
  /** Aborted when the lock is lost; its reason is a sentence for the report. */
  readonly lost: AbortSignal;
}

export interface LeaseLock extends RunLock, Hold {
  /** Stops renewing and leaves the Lease to expire, for whoever shares it. */
  readonly leave: () => Promise<void>;
}

const pollMs = 500;
const requestMs = 5_000;
/** Before and after the run there is time: a Pod's network may need some seconds at its start. */
const patient: Limits = { timeoutMs: requestMs, patienceMs: 10_000 };
const releaseTries = 3;

/** Throws CHR_RUN_LOCKED naming the holder, CHR_APISERVER, or the reason of `signal`. */
export async function acquireLease(options: LeaseOptions, edges: LeaseEdges): Promise<LeaseLock> {
  const { me, leaseMs, waitMs, signal, tell } = options;
  const { now = Date.now, sleep = abortableSleep } = edges;
  const until = now() + waitMs;
  let told = false;
  for (;;) {
    signal.throwIfAborted();
    const lease = await edges.read(patient);
    const at = now();
    const decision = decide(lease.spec ?? {}, { me, leaseMs, transitions: undefined }, at);
    if (decision.act === 'acquire' || decision.act === 'renew') {
      const taken = withHolder(lease, decision.spec, holderWords(options.describe, me));
      if ((await edges.write(taken, patient)) === 'conflict') continue;
      return new HeldLease(
        options,
        { ...edges, now, sleep },
        { transitions: transitionsOf(decision.spec), at },
      );
    }
    if (at >= until || decision.act === 'lost') throw lockedError(options, lease, at);
    if (!told)
      tell(`waiting up to ${Math.round(waitMs / 1_000)} s: ${lockedError(options, lease, at).message}`);
    told = true;
    await sleep(Math.min(pollMs, until - at), signal);
  }
}

function withHolder(lease: Lease, spec: Lease['spec'], holder: string | undefined): Lease {
  const { [holderNote]: _before, ...annotations } = lease.metadata.annotations ?? {};
  const noted = holder === undefined ? annotations : { ...annotations, [holderNote]: holder };
  return {
    ...lease,
    metadata: { ...lease.metadata, annotations: noted },
    ...(spec === undefined ? {} : { spec }),
  };
}

class HeldLease implements LeaseLock {
  readonly #options: LeaseOptions;
  readonly #edges: Required<LeaseEdges>;
  readonly #transitions: number;
  readonly #listeners: ((until: number) => void)[] = [];
  readonly #lost = new AbortController();
  readonly #closed = new AbortController();
  readonly #renewing: Promise<void>;
  readonly #times: LeaseTimes;
  #renewedAt: number;

  constructor(
    options: LeaseOptions,
    edges: Required<LeaseEdges>,
    { transitions, at }: { readonly transitions: number; readonly at: number },
  ) {
    this.#options = options;
    this.#edges = edges;
    this.#transitions = transitions;
    this.#renewedAt = at;
    this.#times = leaseTimes(options);
    this.#renewing = this.#renewUntilClosed();
  }

  readonly until = (): number => this.#renewedAt + this.#times.usableMs;

  readonly follow = (listener: (until: number) => void): void => {
    this.#listeners.push(listener);
  };

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  readonly leave = async (): Promise<void> => {
    this.#closed.abort();
    await this.#renewing;
  };

  /** Frees the lock if it is still ours; where that fails, it expires by itself. */
  readonly release = async (): Promise<void> => {
    await this.leave();
    if (this.#lost.signal.aborted) return;
    try {
      for (let i = 0; i < releaseTries; i++) if ((await this.#free()) !== 'conflict') return;
      throw new Error('others wrote it at the same time');
    } catch (error) {
      const { lease, leaseMs, tell } = this.#options;
      const seconds = Math.ceil(leaseMs / 1_000);
      tell(
        `the run lock (Lease ${lease}) could not be given back and expires in ${seconds} s: ${wordsOf(error)}`,
      );
    }
  };

  async #free(): Promise<'written' | 'conflict'> {
    const { read, write, now } = this.#edges;
    const lease = await read(patient);
    const spec = lease.spec ?? {};
    if (spec.holderIdentity !== this.#options.me || transitionsOf(spec) !== this.#transitions)
      return 'written';
    const freed = { ...spec, holderIdentity: '', renewTime: microTime(now()) };
    return write(withHolder(lease, freed, undefined), patient);
  }

  async #renewUntilClosed(): Promise<void> {
    while (!this.#isOver()) {
      await this.#pause(this.#times.renewEveryMs);
      if (!this.#closed.signal.aborted) await this.#renewInTime();
    }
  }

  /** Asks until it is renewed or lost. Who slept over the time has as long as one request takes. */
  async #renewInTime(): Promise<void> {
    const { renewEveryMs } = this.#times;
    const now = this.#edges.now();
    const by = this.until() > now ? this.until() : now + Math.min(requestMs, renewEveryMs);
    while (!this.#isOver()) {
      let why: unknown = new Error('others wrote it at the same time');
      try {
        if ((await this.#renew(by)) !== 'conflict') return;
      } catch (error) {
        why = error;
        await this.#pause(Math.min(1_000, renewEveryMs, by - this.#edges.now()));
      }
      if (this.#edges.now() >= by)
        this.#lose(`could not renew the run lock for ${this.#silence()} s: ${wordsOf(why)}`);
    }
  }

  #isOver(): boolean {
    return this.#closed.signal.aborted || this.#lost.signal.aborted;
  }

  async #pause(ms: number): Promise<void> {
    await this.#edges.sleep(Math.max(0, ms), this.#closed.signal).catch(() => {});
  }

  /** A process that slept longer than the lease finds out here whether somebody took it: nobody did, and it goes on. */
  async #renew(by: number): Promise<'written' | 'conflict' | 'lost'> {
    const { me, leaseMs, describe } = this.#options;
    const lease = await this.#edges.read(this.#limits(by));
    const at = this.#edges.now();
    const decision = decide(lease.spec ?? {}, { me, leaseMs, transitions: this.#transitions }, at);
    if (decision.act !== 'renew') {
      const holder = heldBy(lease);
      this.#lose(
        holder === undefined
          ? 'lost the run lock: it was taken from this run, and nobody holds it now'
          : `lost the run lock to ${holder}`,
      );
      return 'lost';
    }
    const written = await this.#edges.write(
      withHolder(lease, decision.spec, holderWords(describe, me)),
      this.#limits(by),
    );
    if (written === 'written') {
      this.#renewedAt = at;
      for (const listener of this.#listeners) listener(this.until());
    }
    return written;
  }

  /** No answer is awaited beyond the time. */
  #limits(by: number): Limits {
    const left = by - this.#edges.now();
    const timeoutMs = Math.floor(Math.min(requestMs, this.#times.renewEveryMs, left));
    return { timeoutMs: Math.max(1, timeoutMs), patienceMs: 0 };
  }

  #silence(): number {
    return Math.round((this.#edges.now() - this.#renewedAt) / 1_000);
  }

  #lose(reason: string): void {
    if (!this.#closed.signal.aborted) this.#lost.abort(reason);
  }
}

async function abortableSleep(ms: number, signal: AbortSignal): Promise<void> {
  await systemSleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}
