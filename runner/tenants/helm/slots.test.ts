// Whose turn it is at Helm, and that no slot is lost.
import { beforeEach, expect, test } from 'vitest';
import { type HelmSlots, helmSlots, type SlotUse, type SlotVisit, uninstallSlots } from './slots.ts';

let slots: HelmSlots;
let called: string[];
beforeEach(() => {
  called = [];
  slots = helmSlots({ size: 2, wake: (cluster, key) => void called.push(`${cluster} ${key}`) });
});

/** One call of a reconcile that asks for a slot; it ends at once where there is none. */
function ask(key: string, use: SlotUse = 'rollout', cluster = 'a'): SlotVisit | undefined {
  const visit = slots.visit(key);
  if (visit.take(cluster, use) !== undefined) return visit;
  visit[Symbol.dispose]();
  return undefined;
}

test('as many as there are slots on each cluster; those who come later are called in the order in which they came', () => {
  const [first, second] = [ask('1'), ask('2')];
  for (const key of ['3', '4', '5']) expect(ask(key), key).toBeUndefined();
  expect(ask('1', 'rollout', 'b'), 'on another cluster').toBeDefined();
  expect(called).toEqual([]);
  second?.[Symbol.dispose]();
  first?.[Symbol.dispose]();
  expect(called).toEqual(['a 3', 'a 4']);
  expect(ask('3')).toBeDefined();
  ask('4')?.[Symbol.dispose]();
  expect(called.at(-1)).toBe('a 5');
});

test('who is called and has not come yet is not overtaken, however often others ask', () => {
  const [first] = [ask('1'), ask('2')];
  expect(ask('3')).toBeUndefined();
  first?.[Symbol.dispose]();
  for (const key of ['4', '5', '4']) expect(ask(key), key).toBeUndefined();
  expect(ask('3'), 'the one that waited').toBeDefined();
});

test('asking again keeps the place in line', () => {
  const [first] = [ask('1'), ask('2')];
  for (const key of ['3', '4', '3']) ask(key);
  first?.[Symbol.dispose]();
  expect(called).toEqual(['a 3']);
});

test('who is called and needs no slot any more leaves the turn to the next', () => {
  const [first] = [ask('1'), ask('2')];
  for (const key of ['3', '4']) ask(key);
  first?.[Symbol.dispose]();
  slots.visit('3')[Symbol.dispose]();
  expect(called).toEqual(['a 3', 'a 4']);
});

test('a slot is given back by a reconcile that throws', () => {
  const failing = () => {
    using visit = slots.visit('1');
    visit.take('a', 'rollout');
    throw new Error('planted');
  };
  for (let time = 0; time < 3; time += 1) expect(failing).toThrow('planted');
  expect([ask('2'), ask('3')].every((one) => one !== undefined)).toBe(true);
});

test('one visit has one slot, also where it asks twice', () => {
  const visit = slots.visit('1');
  expect(visit.take('a', 'rollout')).toBe(visit.take('a', 'rollout'));
  expect(ask('2')).toBeDefined();
});

test('uninstalls get past rollouts that hang, in their own order, and rollouts do not get into their slots', () => {
  for (const key of ['1', '2', '3']) ask(key);
  const leaving = ['l1', 'l2', 'l3', 'l4'].map((key) => ask(key, 'uninstall'));
  expect(leaving.map((one) => one !== undefined)).toEqual([true, true, false, false]);
  expect(leaving).toHaveLength(2 * uninstallSlots);
  leaving[1]?.[Symbol.dispose]();
  expect(called).toEqual(['a l3']);
  expect(ask('l4', 'uninstall'), 'before its turn').toBeUndefined();
  expect(ask('l3', 'uninstall')).toBeDefined();
});

test('an uninstall whose turn comes in both lines calls the one behind it as well', () => {
  const [first] = [ask('1'), ask('2')];
  const [, second] = [ask('l1', 'uninstall'), ask('l2', 'uninstall')];
  for (const key of ['l3', 'l4']) ask(key, 'uninstall');
  first?.[Symbol.dispose]();
  second?.[Symbol.dispose]();
  expect(ask('l3', 'uninstall')).toBeDefined();
  expect(called).toEqual(['a l3', 'a l4']);
});

test('a cluster that falls silent ends what runs there and nothing else; the slots are free afterwards', () => {
  const visits = [slots.visit('1'), slots.visit('2'), slots.visit('3')];
  const signals = visits.map((visit, at) => visit.take(at === 2 ? 'b' : 'a', 'rollout'));
  slots.abort('a', 'no answer');
  expect(signals.map((signal) => signal?.aborted)).toEqual([true, true, false]);
  expect(signals[0]?.reason).toMatchObject({ message: 'no answer' });
  visits[0]?.give();
  expect(visits[0]?.take('a', 'rollout')?.aborted, 'a new one').toBe(false);
});
