import { expect, test } from 'vitest';
import type { EventRecorder } from '../controller/index.ts';
import type { EngagedCluster } from './cluster/engaged.ts';
import { recorders } from './recorders.ts';

test('a cluster has one recorder until it is left, and one of its name then has another', async () => {
  const flushed: string[] = [];
  let made = 0;
  const all = recorders(({ name }) => {
    const mine = `${name} ${made++}`;
    return { flush: async () => void flushed.push(mine) } as unknown as EventRecorder;
  });
  const [a, again, b] = ['a', 'a', 'b'].map((name) => ({ name }) as EngagedCluster);
  if (a === undefined || again === undefined || b === undefined) throw new Error('three clusters');
  expect(all.of(a)).toBe(all.of(a));
  all.of(b);
  all.leave('a');
  expect(all.of(again)).toBe(all.of(again));
  await all.flush();
  expect(flushed).toEqual(['b 1', 'a 2']);
});
