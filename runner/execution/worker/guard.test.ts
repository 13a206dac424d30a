import { afterEach, expect, test } from 'vitest';
import { differences, snapshot } from './guard.ts';

const undo: (() => void)[] = [];
afterEach(() => {
  for (const act of undo.splice(0)) act();
});

const globals = globalThis as Record<string, unknown>;
const prototype = Object.prototype as unknown as Record<string, unknown>;

test.each<[string, () => void, () => void, string]>([
  ['an environment variable set', () => void (process.env.CHARTER_LEAK = '1'), () => void delete process.env.CHARTER_LEAK, 'environment variable CHARTER_LEAK changed'],
  ['a global added', () => void (globals.leaked = 1), () => void delete globals.leaked, 'global leaked appeared'],
  ['a prototype extended', () => void (prototype.leaked = 1), () => void delete prototype.leaked, 'a built-in prototype changed'],
])('%s is seen', (_name, change, back, expected) => {
  const before = snapshot();
  expect(differences(before, snapshot())).toEqual([]);
  undo.push(back);
  change();
  expect(differences(before, snapshot())).toEqual([expected]);
});
