import { expect, test } from 'vitest';
import { holds, idOf, outcomeOf, problemsOf } from './event.ts';

const now = 1_800_000_000_000;
const window = { from: now - 1_000, to: now + 1_000 };
const sound = {
  class_uid: 6005,
  category_uid: 6,
  activity_id: 4,
  time: now,
  status_id: 1,
  status: 'Success',
  actor: { user: { name: 'carol' } },
  metadata: { version: '1.3.0' },
};

test('a sound event has no problems', () => {
  expect(problemsOf(sound, window)).toEqual([]);
});

test.each([
  ['no class', { class_uid: undefined }, ['class_uid is no whole number']],
  ['no actor', { actor: { user: {} } }, ['actor.user.name is missing']],
  ['no version', { metadata: {} }, ['metadata.version is missing']],
  ['seconds', { time: now / 1_000 }, ['time is in seconds, not in milliseconds']],
  ['yesterday', { time: now - 86_400_000 }, ['time is 86399000 ms too early']],
  ['tomorrow', { time: now + 86_400_000 }, ['time is 86399000 ms too late']],
  ['a date as text', { time: '2027-01-15T08:00:00Z' }, ['time is no whole number']],
])('%s is told', (_what, change, problems) => {
  expect(problemsOf({ ...sound, ...change }, window)).toEqual(problems);
});

test.each([
  ['success', { status_id: 1, status: 'Success' }],
  ['failure', { status_id: 2, status: 'Failure' }],
  ['denied', { status_id: 2, status: 'Denied' }],
  ['denied', { status_id: 2, status: 'Failure', disposition: 'Blocked' }],
  ['denied', { status_id: 2, action: 'Denied' }],
  // What counts is the status, not the word beside it.
  ['success', { status_id: 1, status: 'Denied' }],
  ['unknown', { status_id: 0 }],
  ['unknown', {}],
])('%s: %j', (outcome, event) => {
  expect(outcomeOf(event)).toBe(outcome);
});

test('a text is found at any depth, and only there', () => {
  const event = {
    actor: { user: { name: 'carol' } },
    unmapped: { list: ['x', { sql: 'SELECT 1 /* m-1 */' }] },
  };
  expect(holds(event, 'm-1')).toBe(true);
  expect(holds(event, 'm-2')).toBe(false);
});

test('an event is named by id or by metadata.uid', () => {
  expect(idOf({ id: 'a' })).toBe('a');
  expect(idOf({ metadata: { uid: 7 } })).toBe('7');
  expect(idOf({ metadata: {} })).toBeUndefined();
});
