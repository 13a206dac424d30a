// How long a Pod may say nothing, and how much of it is remembered: by the times of the world that it lives in.
import { expect, test } from 'vitest';
import { Ledger, patienceFor } from './ledger.ts';
import { play } from './testing.ts';

const usual = { cycleMs: 500, timeoutMs: 700, settleMs: 15_000 };

test.each([
  ['usually three seconds', usual, 3_001, 'silent'],
  ['not shorter with short waits', { ...usual, timeoutMs: 100 }, 2_500, 'heard'],
  [
    'where each probe may wait for 20 s, a Pod that nobody answers tells of a cycle as often',
    { ...usual, timeoutMs: 20_000 },
    21_000,
    'heard',
  ],
  ['and is silent after two of them', { ...usual, timeoutMs: 20_000 }, 41_000, 'silent'],
] as const)('%s', (_, times, afterMs, expected) => {
  const ledger = new Ledger(Date.now, patienceFor(times));
  play(ledger, 1, 1_000, {});
  const voice = ledger.voice('x/a');
  if (voice === undefined) throw new Error('x/a was not heard');
  expect(ledger.isSilent(voice, voice.heardAt + afterMs)).toBe(expected === 'silent');
});

test('what a step saw is remembered to its end, however long it may wait', () => {
  const ledger = new Ledger(Date.now, patienceFor({ ...usual, settleMs: 120_000 }));
  const cycles = 120_000 / usual.cycleMs;
  for (let seq = 1; seq <= cycles; seq++) play(ledger, seq, seq * usual.cycleMs, {});
  const voice = ledger.voice('x/a');
  expect(voice?.cycles).toHaveLength(cycles);
  expect(voice !== undefined && ledger.saw('x/b', voice, 1, 1)).toBe(true);
});
