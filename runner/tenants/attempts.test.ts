import { expect, test } from 'vitest';
import { attempts } from './attempts.ts';

function clocked() {
  const clock = { ms: 0, now: () => new Date(0), monotonicMs: () => clock.ms, after: () => () => {} };
  return { clock, tries: attempts(clock) };
}

test('the delay doubles with each failure of the same thing, up to five minutes', () => {
  const { tries } = clocked();
  const delays = Array.from({ length: 10 }, () => {
    tries.failed('a', 'upgrade 1', {});
    return tries.remainingMs('a') / 1000;
  });
  expect(delays).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
});

test('it is due after its delay, at once for something else, and at once after a success', () => {
  const { clock, tries } = clocked();
  expect(tries.state('a', 'x')).toBe('due');
  tries.failed('a', 'x', {});
  expect(tries.state('a', 'x')).toBe('cooling');
  expect(tries.state('a', 'y')).toBe('due');
  expect(tries.state('b', 'x')).toBe('due');
  clock.ms = 2_000;
  expect(tries.state('a', 'x')).toBe('due');
  tries.failed('a', 'x', {});
  tries.succeeded('a');
  expect(tries.state('a', 'x')).toBe('due');
});

test('a correction of drift cools by itself, and both are over with a success of all', () => {
  const { clock, tries } = clocked();
  tries.failed('a', 'x', {});
  expect(tries.state('a', 'x', 'drift')).toBe('due');
  clock.ms = 1_000;
  tries.failed('a', 'x', {}, 'drift');
  expect([tries.remainingMs('a'), tries.remainingMs('a', 'drift')]).toEqual([1_000, 2_000]);
  tries.succeeded('a', 'drift');
  expect([tries.state('a', 'x'), tries.state('a', 'x', 'drift')]).toEqual(['cooling', 'due']);
  tries.failed('a', 'x', {}, 'drift');
  tries.succeeded('a');
  expect([tries.state('a', 'x'), tries.state('a', 'x', 'drift')]).toEqual(['due', 'due']);
});
