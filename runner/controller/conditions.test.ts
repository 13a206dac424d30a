import { describe, expect, test } from 'vitest';
import { type Condition, findCondition, hasStatus, removeCondition, setCondition } from './index.ts';

const before = new Date('2026-01-01T00:00:00.900Z');
const later = new Date('2026-01-02T00:00:00Z');
const ready = {
  type: 'Ready',
  status: 'True',
  reason: 'Installed',
  message: 'm',
  observedGeneration: 1,
} as const;
const known: readonly Condition[] = [
  { ...ready, lastTransitionTime: '2026-01-01T00:00:00Z' },
  { type: 'Other', status: 'False', reason: 'R', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' },
];

describe('setCondition', () => {
  test('a new condition gets the time of now in whole seconds', () => {
    expect(setCondition([], ready, before)).toEqual([known[0]]);
  });

  test.each([
    ['status', { ...ready, status: 'False' as const }, '2026-01-02T00:00:00Z'],
    ['reason', { ...ready, reason: 'Upgraded' }, '2026-01-01T00:00:00Z'],
    ['message', { ...ready, message: 'other' }, '2026-01-01T00:00:00Z'],
    ['generation', { ...ready, observedGeneration: 2 }, '2026-01-01T00:00:00Z'],
  ])('another %s: the transition time moves only with the status', (_, update, lastTransitionTime) => {
    expect(setCondition(known, update, later)).toEqual([{ ...update, lastTransitionTime }, known[1]]);
  });

  test('nothing new gives the very same list, so that nothing is written', () => {
    expect(setCondition(known, ready, later)).toBe(known);
  });

  test('never changes the list that it was given', () => {
    const frozen = Object.freeze([...known]);
    expect(() => setCondition(frozen, { ...ready, status: 'Unknown' }, later)).not.toThrow();
  });
});

test('removeCondition takes one away, and gives the very same list when it was not there', () => {
  expect(removeCondition(known, 'Ready')).toEqual([known[1]]);
  expect(removeCondition(known, 'Absent')).toBe(known);
});

test('a condition that is not there has no status, not even Unknown', () => {
  expect(findCondition(known, 'Absent')).toBeUndefined();
  expect(hasStatus(known, 'Absent', 'Unknown')).toBe(false);
  expect(hasStatus(known, 'Ready', 'True')).toBe(true);
});
