// Which talks prove that the ends of a blocked cell live.
import { expect, test } from 'vitest';
import { type ControlCell, Controls } from './control.ts';
import type { Observation } from './observe.ts';

const span = { start: 100, end: 200 };
const talk: Observation = { start: 120, end: 150, outcome: 'ok', saw: 'yes' };
const cell = (from: string, to: string, more: Partial<ControlCell> = {}): ControlCell => ({
  ...{ from, to, port: 80, protocol: 'TCP', expected: 'allowed' },
  ...more,
});

type Talk = readonly [ControlCell, Observation?];

function bothLive(...talks: readonly Talk[]): boolean {
  const controls = new Controls();
  for (const [told, seen = talk] of talks) controls.add(told, [seen]);
  return controls.bothLive(cell('x/a', 'y/b'), span);
}

const asks = cell('x/a', 'z/c');

test('each of the two asks somebody else or is asked, at any port', () => {
  expect(bothLive([asks], [cell('z/c', 'y/b', { port: 81 })])).toBe(true);
  expect(bothLive([asks], [cell('y/b', 'z/c')])).toBe(true);
  expect(bothLive([cell('z/c', 'x/a')], [cell('z/c', 'y/b')])).toBe(true);
});

test.each<[string, readonly Talk[]]>([
  ['a client of whom nothing is heard', [[cell('z/c', 'y/b')]]],
  ['a server of whom nothing is heard', [[asks]]],
  ['another protocol', [[asks], [cell('z/c', 'y/b', { protocol: 'UDP' })]]],
  ['a Pod that talks to itself', [[asks], [cell('y/b', 'y/b')]]],
  ['another time', [[asks], [cell('z/c', 'y/b'), { ...talk, start: 20, end: 50 }]]],
])('%s proves nothing', (_, talks) => {
  expect(bothLive(...talks)).toBe(false);
});
