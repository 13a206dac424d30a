import { expect, test } from 'vitest';
import { inPromisedTime } from './promised.ts';

const minute = 60_000;
const line = 'all scenarios took 2101 s: expected at most 2100 s';

test.each([
  ['all scenarios, in time', [], 35 * minute, 0, 0, []],
  ['all scenarios, too late', [], 35 * minute + 1_000, 0, 1, [line]],
  ['all scenarios, too late and interrupted', [], 35 * minute + 1_000, 7, 7, [line]],
  ['all scenarios with another flag, too late', ['--retry', '0'], 35 * minute + 1_000, 0, 1, [line]],
  ['all scenarios, in time and red', [], 30 * minute, 1, 1, []],
  ['one case, however long', ['--case', '9.1'], 60 * minute, 0, 0, []],
  ['one case in one word, however long', ['--case=9.1'], 60 * minute, 0, 0, []],
  ['some by tag, however long', ['--tag', 'short'], 60 * minute, 0, 0, []],
])('%s', async (_, words, elapsedMs, given, expected, lines) => {
  const told: string[] = [];
  const times = [1_000, 1_000 + elapsedMs];
  const code = await inPromisedTime(
    ...([
      words,
      Promise.resolve(given),
      (text: string) => told.push(text),
      () => times.shift() ?? 0,
    ] as const),
  );
  expect({ code, told }).toEqual({ code: expected, told: lines });
});
