// How long a step is watched, from how long changes took.
import { expect, test } from 'vitest';
import { type Pace, watchOf } from './watch.ts';

const pace: Pace = { isChanging: true, slowestMs: 1_500, latencies: [300, 400], settleMs: 15_000 };

test.each<[string, Partial<Pace>, { readonly confirmMs: number; readonly lookMs: number }]>([
  ['for as long as changes usually take', {}, { confirmMs: 0, lookMs: 400 }],
  [
    'as the slowest of the calibration, where no step has changed anything yet',
    { latencies: [] },
    { confirmMs: 0, lookMs: 1_500 },
  ],
  [
    'as the slowest took, where nothing is to change',
    { isChanging: false },
    { confirmMs: 1_500, lookMs: 400 },
  ],
  [
    'also of an engine that is slow',
    { isChanging: false, slowestMs: 9_000, latencies: [8_000] },
    { confirmMs: 9_000, lookMs: 8_000 },
  ],
  [
    'but not for longer than the step may take',
    { isChanging: false, slowestMs: 9_000, latencies: [8_000], settleMs: 6_000 },
    { confirmMs: 6_000, lookMs: 6_000 },
  ],
])('%s', (_, more, wanted) => {
  expect(watchOf({ ...pace, ...more })).toEqual(wanted);
});
