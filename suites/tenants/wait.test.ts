// Bounds are promises: what is seen after them came too late, however it came.
import { expect, test } from 'vitest';
import { within } from './wait.ts';

/** Each look takes so many milliseconds. */
function looking(...took: readonly number[]) {
  let [now, looks] = [0, 0];
  return {
    clock: {
      now: () => now,
      after: async (milliseconds: number) => {
        now += milliseconds;
      },
    },
    look: async (answer: (nth: number) => object | string) => {
      now += took[looks] ?? 0;
      looks += 1;
      return answer(looks);
    },
    looks: () => looks,
  };
}

test('what is seen in time is given back with how long it took', async () => {
  const { clock, look } = looking(100, 100);
  const seen = await within(1, 'it', () => look((nth) => (nth === 2 ? { nth } : 'no')), clock);
  expect(seen).toEqual({ result: { nth: 2 }, ms: 400 });
});

test('a look that begins in time and answers after it is too late', async () => {
  const { clock, look } = looking(100, 900);
  const late = within(1, 'it', () => look((nth) => (nth === 2 ? {} : 'no')), clock);
  await expect(late).rejects.toThrow('it: expected within 1 s, last seen: that it is so, after 1.2 s');
});

test('the first look counts no less', async () => {
  const { clock, look, looks } = looking(1_001);
  await expect(within(1, 'it', () => look(() => ({})), clock)).rejects.toThrow('after 1.0 s');
  expect(looks()).toBe(1);
});

test('what was seen instead is told', async () => {
  const { clock, look } = looking();
  await expect(within(1, 'it', () => look((nth) => `look ${nth}`), clock)).rejects.toThrow(
    'it: expected within 1 s, last seen: look 7',
  );
});
