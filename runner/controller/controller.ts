// Sources tell keys, the queue orders them, and this calls reconcile. The contract is in types.ts.
import { backoffMs, isKubeError, pause, systemClock } from '../kube/index.ts';
import { workQueue } from './queue.ts';
import { tokenBucket } from './rate-limit.ts';
import { startedSources } from './started-sources.ts';
import type { Controller, ControllerOptions, ReconcileResult, StopReport } from './types.ts';

/** setTimeout takes no more, and a timer that fires early only looks again. */
const longestTimerMs = 2 ** 31 - 1;

export function controller(options: ControllerOptions): Controller {
  const { name, reconcile, sources = [], concurrency = 1, backoff = {}, rateLimit } = options;
  const { clock = systemClock, random = Math.random, observer = {}, stopTimeoutMs = 30_000 } = options;
  const queue = workQueue();
  const bucket = rateLimit === undefined ? undefined : tokenBucket(rateLimit);
  const failures = new Map<string, number>();
  const started = startedSources(enqueue);
  const work = new Set<Promise<void>>();
  let phase: 'new' | 'warm' | 'working' | 'stopping' = 'new';
  let hasSynced = false;
  let synced: Promise<void> | undefined;
  let cancelTimer = () => {};
  let stopSignal: AbortSignal | undefined;

  function enqueue(key: string): void {
    queue.add(key, clock.monotonicMs());
    pump();
  }

  /** Begins what can be begun, and sets the timer for what cannot yet. */
  function pump(): void {
    if (phase === 'working') {
      cancelTimer();
      let waitMs = 0;
      while (work.size < concurrency) {
        const now = clock.monotonicMs();
        waitMs = bucket?.waitMs(now) ?? 0;
        if (waitMs > 0) break;
        const taken = queue.take(now);
        if (taken === undefined) break;
        bucket?.take(now);
        begin(taken.key, now - taken.dueMs);
      }
      if (work.size < concurrency) setTimer(waitMs);
    }
    observer.onQueue?.(name, queue.waiting(), work.size);
  }

  function setTimer(limitMs = 0): void {
    const dueMs = queue.nextDueMs();
    const untilDueMs = dueMs === undefined ? undefined : Math.max(limitMs, dueMs - clock.monotonicMs());
    const waitMs = queue.waiting() > 0 && limitMs > 0 ? limitMs : untilDueMs;
    if (waitMs !== undefined) cancelTimer = clock.after(Math.min(waitMs, longestTimerMs), pump);
  }

  function begin(key: string, waitedMs: number): void {
    const call: Promise<void> = attempt(key, waitedMs).finally(() => {
      work.delete(call);
      queue.done(key, clock.monotonicMs());
      pump();
    });
    work.add(call);
  }

  async function attempt(key: string, waitedMs: number): Promise<void> {
    const stop = new AbortController();
    const onStop = () => stop.abort(stopSignal?.reason);
    stopSignal?.addEventListener('abort', onStop, { once: true });
    const before = failures.get(key) ?? 0;
    const began = clock.monotonicMs();
    const seen = () => ({ controller: name, key, ms: clock.monotonicMs() - began, waitedMs });
    try {
      const result = await reconcile(key, { signal: stop.signal, failures: before });
      failures.delete(key);
      const nextMs = again(key, result);
      observer.onReconciled?.({
        ...seen(),
        ...(nextMs === undefined ? { outcome: 'done' } : { outcome: 'requeued', nextMs }),
      });
    } catch (error) {
      if (stop.signal.aborted) {
        observer.onReconciled?.({ ...seen(), outcome: 'aborted', error });
        return;
      }
      failures.set(key, before + 1);
      const nextMs = later(key, before + 1, error);
      observer.onReconciled?.({ ...seen(), outcome: 'failed', error, nextMs });
    } finally {
      stopSignal?.removeEventListener('abort', onStop);
    }
  }

  function again(key: string, result: ReconcileResult | undefined): number | undefined {
    const requeueAfterMs = result?.requeueAfterMs;
    if (requeueAfterMs === undefined) return undefined;
    if (!(requeueAfterMs >= 0))
      throw new RangeError(`${name}: requeueAfterMs must be 0 or more, not ${requeueAfterMs}`);
    queue.addAt(key, clock.monotonicMs() + requeueAfterMs);
    return requeueAfterMs;
  }

  function later(key: string, count: number, error: unknown): number {
    const waitMs = backoffMs(count, backoff, random);
    const retryAfterMs = isKubeError(error) ? error.retryAfterMs : undefined;
    const now = clock.monotonicMs();
    if (retryAfterMs !== undefined) queue.hold(key, now + retryAfterMs);
    const nextMs = Math.max(waitMs, retryAfterMs ?? 0);
    queue.addAt(key, now + nextMs);
    return nextMs;
  }

  function warm(): void {
    if (phase !== 'new') return;
    phase = 'warm';
    synced = Promise.all(sources.map((source) => started.start(source).synced)).then(() => {
      hasSynced = true;
    });
    // A controller that is warm and never run has nobody who would wait for it.
    synced.catch(() => {});
  }

  async function end(): Promise<StopReport> {
    phase = 'stopping';
    cancelTimer();
    await started.stop();
    const patience = new AbortController();
    await Promise.race([Promise.all(work), pause(clock, stopTimeoutMs, patience.signal)]);
    patience.abort();
    return { stillRunning: queue.running() };
  }

  return {
    name,
    warm,
    cool: async () => void (await end()),
    run: async (signal) => {
      if (phase !== 'new' && phase !== 'warm') throw new Error(`controller ${name} can be run once`);
      warm();
      stopSignal = signal;
      const stopped = aborted(signal);
      try {
        await Promise.race([synced, stopped]);
        if (!signal.aborted) {
          phase = 'working';
          pump();
          await stopped;
        }
      } catch (error) {
        await end();
        throw error;
      }
      return end();
    },
    enqueue,
    enqueueAfter: (key, ms) => {
      queue.addAt(key, clock.monotonicMs() + ms);
      pump();
    },
    addSource: (source) => started.start(source).stop,
    hasSynced: () => hasSynced,
    isRunning: (key) => queue.isRunning(key),
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
