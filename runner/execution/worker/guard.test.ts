import { afterEach, expect, test } from 'vitest';
import { differences, snapshot } from './guard.ts';

const undo: (() => void)[] = [];
afterEach(() => {
  for (const act of undo.splice(0)) act();
});

const globals = globalThis as Record<string, unknown>;
const prototype = Object.prototype as unknown as Record<string, unknown>;

const changes: readonly [string, () => void, () => void, string][] = [
  [
    'an environment variable set',
    () => {
      process.env.CHARTER_LEAK = '1';
    },
    () => {
      delete process.env.CHARTER_LEAK;
    },
    'environment variable CHARTER_LEAK changed',
  ],
  [
    'a global added',
    () => {
      globals.leaked = 1;
    },
    () => {
      delete globals.leaked;
    },
    'global leaked appeared',
  ],
  [
    'a prototype extended',
    () => {
      prototype.leaked = 1;
    },
    () => {
      delete prototype.leaked;
    },
    'a built-in prototype changed',
  ],
];

test.each(changes)('%s is seen', (_name, change, back, expected) => {
  const before = snapshot();
  expect(differences(before, snapshot())).toEqual([]);
  undo.push(back);
  change();
  expect(differences(before, snapshot())).toEqual([expected]);
});
