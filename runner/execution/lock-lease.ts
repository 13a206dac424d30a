// The run lock of a cluster: one Lease, held by one Job. Guarantee: no case starts at a time at which another run may hold the lock,
// as long as `until` is asked before each, also by a process that slept meanwhile.
import { setTimeout as systemSleep } from 'node:timers/promises';
import type { Lease } from '../apiserver/index.ts';
import { CharterError } from '../errors/index.ts';
import type { RunLock } from './lock.ts';
import { decide, microTime, transitionsOf } from './lock-decision.ts';
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
  /** What running cases get to end when the lock is lost; it is kept back from the lease time where that can be. */
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
  /** How long a renewal lets cases start. */
  readonly #usableMs: number;
  readonly #thirdMs: number;
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
    this.#thirdMs = options.leaseMs / 3;
    this.#usableMs = options.leaseMs - Math.min(options.graceMs, this.#thirdMs);
    this.#renewing = this.#renewUntilClosed();
  }

  readonly until = (): number => this.#renewedAt + this.#usableMs;

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
        `the run lock (Lease ${lease}) could not be given back and expires in ${seconds} s: ${text(error)}`,
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
    const { now, sleep } = this.#edges;
    let pause = this.#thirdMs;
    while (!this.#closed.signal.aborted && !this.#lost.signal.aborted) {
      await sleep(pause, this.#closed.signal).catch(() => {});
      if (this.#closed.signal.aborted) return;
      try {
        pause = (await this.#renew()) === 'conflict' ? 0 : this.#thirdMs;
      } catch (error) {
        const left = this.until() - now();
        pause = Math.min(1_000, this.#thirdMs, left);
        if (left <= 0) this.#lose(`could not renew the run lock for ${this.#silence()} s: ${text(error)}`);
      }
    }
  }

  /** A process that slept longer than the lease finds out here whether somebody took it: nobody did, and it goes on. */
  async #renew(): Promise<'written' | 'conflict' | 'lost'> {
    const { me, leaseMs, describe } = this.#options;
    const lease = await this.#edges.read(this.#limits());
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
      this.#limits(),
    );
    if (written === 'written') {
      this.#renewedAt = at;
      for (const listener of this.#listeners) listener(this.until());
    }
    return written;
  }

  /** A request ends before the lock may be another's; who is late already, because the process slept, gets a fresh one. */
  #limits(): Limits {
    const left = this.until() - this.#edges.now();
    const timeoutMs = Math.ceil(Math.min(requestMs, this.#thirdMs, left > 0 ? left : requestMs));
    return { timeoutMs, patienceMs: 0 };
  }

  #silence(): number {
    return Math.round((this.#edges.now() - this.#renewedAt) / 1_000);
  }

  #lose(reason: string): void {
    if (!this.#closed.signal.aborted) this.#lost.abort(reason);
  }
}

const text = (error: unknown): string =>
  error instanceof CharterError || error instanceof Error ? error.message : String(error);

async function abortableSleep(ms: number, signal: AbortSignal): Promise<void> {
  await systemSleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}
