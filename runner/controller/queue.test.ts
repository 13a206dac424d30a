import { array, assert, constantFrom, integer, oneof, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { workQueue } from './queue.ts';

const keyOf = (taken: { readonly key: string } | undefined) => taken?.key;

describe('a work queue', () => {
  test('gives keys in the order in which they came, each once', () => {
    const queue = workQueue();
    for (const key of ['a', 'b', 'a', 'c', 'b']) queue.add(key, 0);
    expect(queue.waiting()).toBe(3);
    expect([queue.take(1), queue.take(1), queue.take(1), queue.take(1)].map(keyOf)).toEqual([
      ...['a', 'b', 'c'],
      undefined,
    ]);
  });

  test('a key that is added while it runs is not given twice at once, but once more afterwards', () => {
    const queue = workQueue();
    queue.add('a', 0);
    queue.take(0);
    queue.add('a', 1);
    queue.add('a', 2);
    expect(queue.take(3)).toBeUndefined();
    queue.done('a', 4);
    expect(queue.take(4)).toEqual({ key: 'a', dueMs: 4 });
    queue.done('a', 5);
    expect(queue.take(5)).toBeUndefined();
  });

  test('a delayed key comes when it is due, and an earlier time wins', () => {
    const queue = workQueue();
    queue.addAt('a', 100);
    queue.addAt('a', 50);
    queue.addAt('a', 70);
    queue.addAt('b', 60);
    expect(queue.nextDueMs()).toBe(50);
    expect(queue.take(49)).toBeUndefined();
    expect(queue.take(65)).toEqual({ key: 'a', dueMs: 50 });
    expect(queue.take(65)).toEqual({ key: 'b', dueMs: 60 });
    expect(queue.nextDueMs()).toBeUndefined();
  });

  test('an immediate add overtakes the delay', () => {
    const queue = workQueue();
    queue.addAt('a', 100);
    queue.add('a', 1);
    expect(keyOf(queue.take(1))).toBe('a');
    queue.done('a', 1);
    expect(queue.take(1_000)).toBeUndefined();
  });

  test('a held key waits, whoever adds it', () => {
    const queue = workQueue();
    queue.add('a', 0);
    queue.take(0);
    queue.hold('a', 100);
    queue.addAt('a', 10);
    queue.add('a', 5);
    queue.done('a', 5);
    expect(queue.take(99)).toBeUndefined();
    expect(keyOf(queue.take(100))).toBe('a');
    queue.done('a', 101);
    queue.add('a', 102);
    expect(keyOf(queue.take(102))).toBe('a');
  });
});

const key = constantFrom('a', 'b', 'c');
const step = oneof(
  record({ does: constantFrom('add' as const), key }),
  record({ does: constantFrom('addAt' as const), key, ms: integer({ min: 0, max: 50 }) }),
  record({ does: constantFrom('hold' as const), key, ms: integer({ min: 1, max: 50 }) }),
  record({ does: constantFrom('take' as const) }),
  record({ does: constantFrom('done' as const), key }),
  record({ does: constantFrom('wait' as const), ms: integer({ min: 0, max: 30 }) }),
);

test('whatever happens in whatever order: never twice at once, never too early, never lost, never without being asked', () => {
  assert(
    property(array(step, { maxLength: 60 }), (steps) => {
      const queue = workQueue();
      /** What is still owed, by key: the latest time at which it must be takeable. */
      const owed = new Map<string, number>();
      const held = new Map<string, number>();
      const running = new Set<string>();
      let now = 0;
      const owe = (name: string, at: number) => owed.set(name, Math.min(owed.get(name) ?? at, at));
      const take = () => {
        const taken = queue.take(now);
        if (taken === undefined) return false;
        expect(running.has(taken.key)).toBe(false);
        expect(owed.get(taken.key)).toBeLessThanOrEqual(now);
        expect(held.get(taken.key) ?? 0).toBeLessThanOrEqual(now);
        expect(taken.dueMs).toBeLessThanOrEqual(now);
        running.add(taken.key);
        owed.delete(taken.key);
        held.delete(taken.key);
        return true;
      };
      const finish = (name: string) => {
        if (!running.delete(name)) return;
        queue.done(name, now);
      };
      for (const one of steps) {
        if (one.does === 'add') {
          queue.add(one.key, now);
          owe(one.key, now);
        } else if (one.does === 'addAt') {
          queue.addAt(one.key, now + one.ms);
          owe(one.key, now + one.ms);
        } else if (one.does === 'hold') {
          // As a controller does it: only for what it works on.
          if (!running.has(one.key)) continue;
          queue.hold(one.key, now + one.ms);
          held.set(one.key, now + one.ms);
        } else if (one.does === 'take') take();
        else if (one.does === 'done') finish(one.key);
        else now += one.ms;
      }
      for (const name of [...running]) finish(name);
      now += 200;
      while (take());
      expect([...owed.keys()]).toEqual([]);
      for (const name of [...running]) finish(name);
      expect(queue.take(now + 1_000)).toBeUndefined();
      expect(queue.waiting()).toBe(0);
    }),
    { numRuns: 500 },
  );
});
