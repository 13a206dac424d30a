import { expect, test } from 'vitest';
import { attempts } from './attempts.ts';

function clocked() {
  const clock = { ms: 0, now: () => new Date(0), monotonicMs: () => clock.ms, after: () => () => {} };
  return { clock, tries: attempts(clock) };
}

test('the delay doubles with each failure of the same thing, up to five minutes', () => {
  const { tries } = clocked();
  const delays = Array.from({ length: 10 }, () => {
    tries.failed('a', 'upgrade 1');
    return tries.remainingMs('a') / 1000;
  });
  expect(delays).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
});

test('it is due after its delay, at once for something else, and at once after a success', () => {
  const { clock, tries } = clocked();
  expect(tries.state('a', 'x')).toBe('due');
  tries.failed('a', 'x');
  expect(tries.state('a', 'x')).toBe('cooling');
  expect(tries.state('a', 'y')).toBe('due');
  expect(tries.state('b', 'x')).toBe('due');
  clock.ms = 2_000;
  expect(tries.state('a', 'x')).toBe('due');
  tries.failed('a', 'x');
  tries.succeeded('a');
  expect(tries.state('a', 'x')).toBe('due');
});
