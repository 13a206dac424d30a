// A world in which somebody cannot be reached without any policy is not opened: there each deny would pass by absence.
import { expect, onTestFinished, test } from 'vitest';
import { prove } from './prove.ts';
import { inventWorld, type Spoil } from './testing.ts';

/** Dropped on the way: a sign of denial, of many engines, though nobody denies. */
const lost = (script: Parameters<Spoil>[0]) => ({ ...script, 'x/b>x/a': ['t', 'unseen'] as const });

function proven(spoil?: Spoil) {
  const world = inventWorld(spoil, { settleMs: spoil === undefined ? 20_000 : 1_500 });
  onTestFinished(world.stop);
  return prove(world.stepper, world.stage);
}

test('where everybody reaches everybody before and after the calibration, the world is open', async () => {
  expect(await proven()).toMatchObject({ deny: 'enforced' });
});

test('a pair that is dead from the start: both ends live, and the world is refused by its name', async () => {
  const refused = proven(lost);
  await expect(refused).rejects.toMatchObject({ code: 'CHR_WORLD' });
  await expect(refused).rejects.toThrow(/before any policy:.*x\/b -> x\/a/s);
});

test('a pair that does not come back after the calibration', async () => {
  const dies: Spoil = (script, { denying }) => (denying === 'before' ? lost(script) : script);
  await expect(proven(dies)).rejects.toThrow(/after the policies of the calibration:.*x\/b -> x\/a/s);
});
