import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchdog } from './watchdog.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('what does not end in its time is stuck, after one more look', () => {
  const stuck: string[] = [];
  const watch = watchdog((name, ms) => stuck.push(`${name} ${ms}`));
  watch.start('slow', 1_000);
  watch.start('quick', 1_000);
  vi.advanceTimersByTime(999);
  watch.end('quick');
  vi.advanceTimersByTime(1);
  expect(stuck).toEqual([]);
  vi.advanceTimersByTime(250);
  expect(stuck).toEqual(['slow 1000']);
});

test('what has ended when it looks again is not accused', () => {
  const stuck: string[] = [];
  const watch = watchdog((name) => stuck.push(name));
  watch.start('busy', 1_000);
  vi.advanceTimersByTime(1_100);
  watch.end('busy');
  vi.advanceTimersByTime(1_000);
  expect(stuck).toEqual([]);
});

test('closed, it watches nothing, and starts nothing that would keep the process alive', () => {
  const stuck: string[] = [];
  const watch = watchdog((name) => stuck.push(name));
  watch.start('open', 1_000);
  watch.close();
  watch.start('late', 1_000);
  vi.advanceTimersByTime(5_000);
  expect([stuck, vi.getTimerCount()]).toEqual([[], 0]);
});
