import { afterEach, beforeEach, expect, test } from 'vitest';
import { pause } from '../kube/index.ts';
import { eventually, fakeClock } from '../kube/testing/index.ts';
import { lanes } from './lanes.ts';

let stop: AbortController;
beforeEach(() => {
  stop = new AbortController();
});
afterEach(() => stop.abort(new Error('end of test')));

test('a Tenant that was made again for another cluster has one worker, delays nobody there, and is looked at again', async () => {
  const begun: PromiseWithResolvers<void>[] = [];
  const others: string[] = [];
  const all = lanes({
    ...{ concurrency: 1, observer: {}, signal: stop.signal, onEnd: () => {} },
    reconcile: async (key) => {
      if (key !== 'moving') {
        others.push(key);
        return {};
      }
      const one = Promise.withResolvers<void>();
      begun.push(one);
      await one.promise;
      return {};
    },
  });
  all.enqueue('remote-a', 'moving');
  await eventually(() => begun.length === 1);
  all.enqueue('remote-b', 'moving');
  all.enqueue('remote-b', 'behind it');
  await eventually(() => others.length === 1);
  expect(begun, 'workers of one Tenant').toHaveLength(1);
  begun[0]?.resolve();
  await eventually(() => begun.length === 2);
  begun[1]?.resolve();
});

test('a cluster whose rollouts hold all its workers for an hour delays no other, and has its own wait in their order', async () => {
  const clock = fakeClock();
  const began: string[] = [];
  const all = lanes({
    ...{ concurrency: 2, observer: {}, signal: stop.signal, onEnd: () => {}, clock },
    reconcile: async (key) => {
      began.push(`${key} at ${clock.monotonicMs() / 60_000} min`);
      if (key.startsWith('slow')) await pause(clock, 60 * 60_000);
      return {};
    },
  });
  for (const key of ['slow 1', 'slow 2', 'slow 3', 'quick']) all.enqueue('remote-a', key);
  await clock.advance(60_000);
  for (const key of ['b 1', 'b 2', 'b 3']) all.enqueue('remote-b', key);
  await clock.advance(60 * 60_000);
  expect(began).toEqual([
    'slow 1 at 0 min',
    'slow 2 at 0 min',
    'b 1 at 1 min',
    'b 2 at 1 min',
    'b 3 at 1 min',
    'slow 3 at 60 min',
    'quick at 60 min',
  ]);
});
