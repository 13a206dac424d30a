import { describe, expect, test } from 'vitest';
import { KubeApiError } from '../kube/index.ts';
import { fakeClock } from '../kube/testing/index.ts';
import {
  type ControllerOptions,
  controller,
  keyChannel,
  type Reconcile,
  type Reconciled,
  type Source,
} from './index.ts';

/** A controller on a fake clock, what it did, and its end. */
async function running(reconcile: Reconcile, options: Partial<ControllerOptions> = {}) {
  const clock = fakeClock();
  const seen: Reconciled[] = [];
  const stop = new AbortController();
  const one = controller({
    ...{ name: 'tested', reconcile, clock, random: () => 0.5 },
    observer: { onReconciled: (what) => seen.push(what) },
    ...options,
  });
  const ended = one.run(stop.signal);
  await clock.advance(0);
  return {
    ...{ clock, one, seen, ended },
    stop: async () => {
      stop.abort(new Error('stop'));
      await clock.advance(0);
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await clock.advance(60_000);
      await ended.catch(() => {});
    },
  };
}

/** Calls that end when the test says so. */
function gated() {
  const open: { key: string; signal: AbortSignal; end: () => void; fail: (error: unknown) => void }[] = [];
  const reconcile: Reconcile = (key, { signal }) =>
    new Promise((resolve, reject) => open.push({ key, signal, end: () => resolve(undefined), fail: reject }));
  return { open, reconcile };
}

describe('a controller', () => {
  test('works on different keys side by side, at most as many as it may, and never twice on one', async () => {
    const { open, reconcile } = gated();
    await using at = await running(reconcile, { concurrency: 2 });
    for (const key of ['a', 'b', 'c', 'a']) at.one.enqueue(key);
    expect(open.map(({ key }) => key)).toEqual(['a', 'b']);
    open[1]?.end();
    await at.clock.advance(0);
    expect(open.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
    open[0]?.end();
    await at.clock.advance(0);
    expect(open.map(({ key }) => key)).toEqual(['a', 'b', 'c', 'a']);
    for (const { end } of open) end();
  });

  test('waits longer after every failure, up to the cap, and forgets them with a success', async () => {
    const attempts: number[] = [];
    let fails = true;
    await using at = await running(
      async (_, { failures }) => {
        attempts.push(failures);
        if (fails) throw new Error('not yet');
        return {};
      },
      { backoff: { baseMs: 100, maxMs: 400 } },
    );
    at.one.enqueue('a');
    await at.clock.advance(50 + 100 + 200 + 200);
    expect(at.seen.map(({ nextMs }) => nextMs)).toEqual([50, 100, 200, 200, 200]);
    expect(attempts).toEqual([0, 1, 2, 3, 4]);
    fails = false;
    await at.clock.advance(200);
    expect(at.seen.at(-1)?.outcome).toBe('done');
    fails = true;
    at.one.enqueue('a');
    await at.clock.advance(0);
    expect(at.seen.at(-1)?.nextMs).toBe(50);
  });

  test('a key that fails does not delay another', async () => {
    const calls: string[] = [];
    await using at = await running(async (key) => {
      calls.push(key);
      if (key === 'bad') throw new Error('always');
      return undefined;
    });
    at.one.enqueue('bad');
    await at.clock.advance(10_000);
    calls.length = 0;
    at.one.enqueue('good');
    await at.clock.advance(0);
    expect(calls).toEqual(['good']);
  });

  test('comes back after requeueAfterMs, or at once when it is told earlier', async () => {
    const times: number[] = [];
    await using at = await running(async () => {
      times.push(at.clock.monotonicMs());
      return { requeueAfterMs: 1_000 };
    });
    at.one.enqueue('a');
    await at.clock.advance(1_500);
    at.one.enqueue('a');
    await at.clock.advance(1_500);
    expect(times).toEqual([0, 1_000, 1_500, 2_500]);
  });

  test('takes a requeueAfterMs that is no time for a failure, not for "never"', async () => {
    await using at = await running(async () => ({ requeueAfterMs: Number.NaN }));
    at.one.enqueue('a');
    await at.clock.advance(0);
    expect(at.seen[0]).toMatchObject({ outcome: 'failed', error: { name: 'RangeError' } });
  });

  test('never comes back before the time that the API server asked for, even when told', async () => {
    const times: number[] = [];
    await using at = await running(async () => {
      times.push(at.clock.monotonicMs());
      if (times.length > 1) return {};
      throw new KubeApiError('CHR_KUBE_TOO_MANY_REQUESTS', 'busy', { retryAfterMs: 5_000 });
    });
    at.one.enqueue('a');
    await at.clock.advance(100);
    at.one.enqueue('a');
    await at.clock.advance(20_000);
    expect(times).toEqual([0, 5_000]);
  });

  test('begins no more than the rate limit lets it, and all in the end', async () => {
    const times: number[] = [];
    await using at = await running(
      async () => {
        times.push(at.clock.monotonicMs());
        return {};
      },
      { rateLimit: { perSecond: 2, burst: 2 }, concurrency: 10 },
    );
    for (const key of ['a', 'b', 'c', 'd']) at.one.enqueue(key);
    await at.clock.advance(5_000);
    expect(times).toEqual([0, 0, 500, 1_000]);
    // A delayed key that is due while the bucket is empty waits for it, and spins no timer meanwhile.
    for (const key of ['a', 'b']) at.one.enqueue(key);
    at.one.enqueueAfter('late', 1);
    await at.clock.advance(5_000);
    expect(times.slice(4)).toEqual([5_000, 5_000, 5_500]);
  });

  test('reconciles nothing before every source has told what exists', async () => {
    const calls: string[] = [];
    const gate = Promise.withResolvers<void>();
    const slow: Source = {
      name: 'slow',
      start: (enqueue) => {
        enqueue('early');
        return { synced: gate.promise, stop: async () => {} };
      },
    };
    const channel = keyChannel('program');
    channel.tell('told before the start');
    const reconcile: Reconcile = async (key) => {
      calls.push(key);
      return undefined;
    };
    await using at = await running(reconcile, { sources: [slow, channel] });
    await at.clock.advance(10_000);
    expect([calls, at.one.hasSynced()]).toEqual([[], false]);
    gate.resolve();
    await at.clock.advance(0);
    expect([calls, at.one.hasSynced()]).toEqual([['early', 'told before the start'], true]);
  });

  test('a source that joins later is heard at once, and no more once it is removed', async () => {
    const calls: string[] = [];
    await using at = await running(async (key) => {
      calls.push(key);
      return undefined;
    });
    const channel = keyChannel('later');
    const remove = at.one.addSource(channel);
    channel.tell('a');
    await at.clock.advance(0);
    await remove();
    channel.tell('b');
    await at.clock.advance(1_000);
    expect(calls).toEqual(['a']);
  });

  test('stops gracefully: aborts the signal, waits for what runs, begins nothing more', async () => {
    const { open, reconcile } = gated();
    await using at = await running(reconcile);
    at.one.enqueue('a');
    at.one.enqueue('b');
    await at.stop();
    expect(open.map(({ key, signal }) => [key, signal.aborted])).toEqual([['a', true]]);
    await at.clock.advance(10_000);
    open[0]?.fail(new Error('given up'));
    expect(await at.ended).toEqual({ stillRunning: [] });
    expect(at.seen.map(({ key, outcome }) => [key, outcome])).toEqual([['a', 'aborted']]);
    expect(at.clock.timers()).toBe(0);
  });

  test('waits no longer than stopTimeoutMs and names what still runs', async () => {
    const { reconcile } = gated();
    await using at = await running(reconcile, { stopTimeoutMs: 5_000 });
    at.one.enqueue('stuck');
    await at.stop();
    await at.clock.advance(5_000);
    expect(await at.ended).toEqual({ stillRunning: ['stuck'] });
  });

  test('warmed, it hears its sources and begins nothing until it runs', async () => {
    const clock = fakeClock();
    const calls: string[] = [];
    const channel = keyChannel('program');
    const one = controller({
      ...{ name: 'tested', clock, sources: [channel] },
      reconcile: async (key) => {
        calls.push(key);
        return undefined;
      },
    });
    one.warm();
    channel.tell('a');
    await clock.advance(1_000);
    expect([one.hasSynced(), calls]).toEqual([true, []]);
    const stop = new AbortController();
    const ended = one.run(stop.signal);
    await clock.advance(0);
    expect(calls).toEqual(['a']);
    stop.abort();
    await ended;
    await expect(one.run(stop.signal)).rejects.toThrow('once');
  });
});
