// The run lock held by a session of a database: whoever has the session has the lock, and the server frees it when the session dies.
// Guarantee: the server keeps a session that it does not hear of for `leaseMs`; by then no case of this run starts, and running ones are
// gone where `graceMs` is at most a third of it. Looks come every third. Weaker than a Lease: a server that restarts, or hears that the
// connection is cut, frees the lock at once, and another run may begin while cases run.
import { setTimeout as systemSleep } from 'node:timers/promises';
import { CharterError, wordsOf } from '../errors/index.ts';
import type { LeaseLock } from './lock-lease.ts';

/** One session. Everything rejects once it is gone. */
export interface LockSession {
  /** Undefined: the lock is ours, and no earlier session of this run has it. Else who has it, in words. */
  readonly tryLock: () => Promise<string | undefined>;
  readonly look: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface SessionOptions {
  /** What is locked, for messages. */
  readonly lock: string;
  readonly waitMs: number;
  readonly leaseMs: number;
  /** What running cases get to end when the lock is lost. */
  readonly graceMs: number;
  /** Ends the wait for the lock. */
  readonly signal: AbortSignal;
  readonly tell: (text: string) => void;
}

export interface SessionEdges {
  /** The server ends a session that asks nothing for `leaseMs`. */
  readonly open: () => Promise<LockSession>;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const pollMs = 500;

/** Throws CHR_RUN_LOCKED naming the holder, what `open` throws, or the reason of `signal`. */
export async function acquireSession(options: SessionOptions, edges: SessionEdges): Promise<LeaseLock> {
  const { lock, waitMs, signal, tell } = options;
  const { open, now = Date.now, sleep = abortableSleep } = edges;
  const until = now() + waitMs;
  const session = await open();
  try {
    for (let told = false; ; told = true) {
      signal.throwIfAborted();
      const at = now();
      const holder = await session.tryLock();
      if (holder === undefined) return new HeldSession(options, { open, now, sleep }, { session, at });
      const text = `the run lock (${lock}) is held by ${holder}`;
      if (now() >= until)
        throw new CharterError('CHR_RUN_LOCKED', text, {
          hint: 'Wait for that run to end, or let this one wait: execution.lock.waitMs.',
        });
      if (!told) tell(`waiting up to ${Math.round(waitMs / 1_000)} s: ${text}`);
      await sleep(Math.min(pollMs, until - now()), signal);
    }
  } catch (error) {
    await session.close().catch(() => {});
    throw error;
  }
}

class HeldSession implements LeaseLock {
  readonly #options: SessionOptions;
  readonly #edges: Required<SessionEdges>;
  readonly #listeners: ((until: number) => void)[] = [];
  readonly #lost = new AbortController();
  readonly #closed = new AbortController();
  readonly #looking: Promise<void>;
  #session: LockSession | undefined;
  #seenAt: number;

  constructor(
    options: SessionOptions,
    edges: Required<SessionEdges>,
    { session, at }: { readonly session: LockSession; readonly at: number },
  ) {
    this.#options = options;
    this.#edges = edges;
    this.#session = session;
    this.#seenAt = at;
    this.#looking = this.#lookUntilClosed();
  }

  readonly until = (): number => {
    const { leaseMs, graceMs } = this.#options;
    return this.#seenAt + leaseMs - Math.min(graceMs, leaseMs / 3);
  };

  readonly follow = (listener: (until: number) => void): void => {
    this.#listeners.push(listener);
  };

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** A session is nobody else's: leaving it frees the lock too. */
  readonly leave = (): Promise<void> => this.release();

  readonly release = async (): Promise<void> => {
    this.#closed.abort();
    await this.#looking;
    await this.#session?.close().catch(() => {});
  };

  async #lookUntilClosed(): Promise<void> {
    while (!this.#isOver()) {
      await this.#pause(this.#options.leaseMs / 3);
      if (!this.#closed.signal.aborted) await this.#lookInTime();
    }
  }

  /** Until the session is seen, or the time is over, whatever a look still waits for. Who slept over it has a third of `leaseMs`. */
  async #lookInTime(): Promise<void> {
    const { leaseMs } = this.#options;
    const left = this.until() - this.#edges.now();
    let why: unknown = 'the database does not answer';
    const seen = new AbortController();
    const tooLate = () => {
      const seconds = Math.round((this.#edges.now() - this.#seenAt) / 1_000);
      this.#lose(`could not renew the run lock for ${seconds} s: ${wordsOf(why)}`);
    };
    this.#edges.sleep(left > 0 ? left : leaseMs / 3, seen.signal).then(tooLate, () => {});
    while (!this.#isOver())
      try {
        await this.#look();
        break;
      } catch (error) {
        why = error;
        await this.#pause(Math.min(pollMs, leaseMs / 30));
      }
    seen.abort();
  }

  #isOver(): boolean {
    return this.#closed.signal.aborted || this.#lost.signal.aborted;
  }

  async #pause(ms: number): Promise<void> {
    await this.#edges.sleep(ms, this.#closed.signal).catch(() => {});
  }

  /** A session that died is replaced: where nobody else was quicker, the run goes on. */
  async #look(): Promise<void> {
    const at = this.#edges.now();
    const isNew = this.#session === undefined;
    this.#session ??= await this.#edges.open();
    try {
      const holder = isNew ? await this.#session.tryLock() : await this.#session.look();
      if (holder !== undefined) return this.#lose(`lost the run lock to ${holder}`);
    } catch (error) {
      const dead = this.#session;
      this.#session = undefined;
      await dead.close().catch(() => {});
      throw error;
    }
    if (this.#isOver()) return;
    this.#seenAt = at;
    for (const listener of this.#listeners) listener(this.until());
  }

  #lose(reason: string): void {
    if (!this.#closed.signal.aborted) this.#lost.abort(reason);
  }
}

async function abortableSleep(ms: number, signal: AbortSignal): Promise<void> {
  await systemSleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}
