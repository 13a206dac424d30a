import { afterEach, expect, test } from 'vitest';
import { eventually } from '../kube/testing/index.ts';
import { lanes } from './lanes.ts';

const stop = new AbortController();
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
