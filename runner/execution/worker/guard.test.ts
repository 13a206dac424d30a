import { afterEach, expect, test } from 'vitest';
import { differences, leakSince, snapshot } from './guard.ts';

const undo: (() => void)[] = [];
afterEach(() => {
  for (const act of undo.splice(0)) act();
});

const globals = globalThis as Record<string, unknown>;
const { now } = Date;
const at = Reflect.getOwnPropertyDescriptor(Array.prototype, 'at') ?? {};
const navigator = Reflect.getOwnPropertyDescriptor(globalThis, 'navigator') ?? {};
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
    'Object.prototype.leaked appeared',
  ],
  [
    'a clock replaced',
    () => {
      Date.now = () => 0;
    },
    () => {
      Date.now = now;
    },
    'Date.now changed',
  ],
  [
    'a method of a prototype removed',
    () => {
      Reflect.deleteProperty(Array.prototype, 'at');
    },
    () => {
      Reflect.defineProperty(Array.prototype, 'at', at);
    },
    'Array.prototype.at vanished',
  ],
  [
    'a global that node makes late replaced',
    () => {
      Reflect.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
    },
    () => {
      Reflect.defineProperty(globalThis, 'navigator', navigator);
    },
    'global navigator changed',
  ],
];

test.each(changes)('%s is seen', (_name, change, back, expected) => {
  const before = snapshot();
  expect(differences(before, snapshot())).toEqual([]);
  undo.push(back);
  change();
  expect(differences(before, snapshot())).toEqual([expected]);
});

test.each(changes)('%s is taken back', (_name, change, back) => {
  const before = snapshot();
  undo.push(back);
  change();
  expect(leakSince(before).length).toBe(1);
  expect(differences(before, snapshot())).toEqual([]);
});

test('what node makes when it is first asked for is no change', () => {
  const before = snapshot();
  for (const name of Object.getOwnPropertyNames(globalThis)) Reflect.get(globalThis, name);
  expect(differences(before, snapshot())).toEqual([]);
});
