import { expect, test } from 'vitest';
import type { Thing } from '../suites/tenants/world.ts';
import { idleRows, type Look, versionsOf } from './tenants-idle.ts';

const thing = (uid: string, resourceVersion: string): Thing => ({
  ...{ apiVersion: 'v1', kind: 'Event', metadata: { name: uid, uid, resourceVersion } },
});
const versions = versionsOf([thing('a', '1'), thing('b', '2')]);
const counted = { helmCalls: 300, statusWrites: 900, eventsTold: 1_200, requests: 5_000 };
const before: Look = { counted, tenants: versions, secrets: versions, events: versions };
const later = (more: Partial<typeof counted>, rest: Partial<Look> = {}): Look => ({
  ...before,
  ...rest,
  counted: { ...counted, requests: 5_600, ...more },
});
const missed = (now: Look) =>
  idleRows(before, now)
    .filter((row) => row.verdict === 'MISSED')
    .map(({ what, howMany }) => `${what}: ${howMany}`);

const more = versionsOf([thing('a', '1'), thing('b', '2'), thing('c', '3')]);
const again = versionsOf([thing('a', '1'), thing('b', '7')]);
const oneExpired = versionsOf([thing('b', '2')]);
const oneExpiredOneNew = versionsOf([thing('b', '2'), thing('c', '3')]);

test.each([
  ['nothing', later({}), []],
  ['a call of Helm', later({ helmCalls: 301 }), ['Helm calls: 1']],
  ['a status', later({ statusWrites: 902 }), ['status writes: 2']],
  ['an event, as the operator counts it', later({ eventsTold: 1_201 }), ['events told: 1']],
  ['an event, as it is stored', later({}, { events: more }), ['events new or told again: 1']],
  ['an event that was there', later({}, { events: again }), ['events new or told again: 1']],
  ['nothing, while an event expired', later({}, { events: oneExpired }), []],
  ['an event, while one expired', later({}, { events: oneExpiredOneNew }), ['events new or told again: 1']],
  ['a revision', later({}, { secrets: more }), ["Helm's Secrets written: 1"]],
  ['a Tenant', later({}, { tenants: again }), ['Tenants written: 1']],
  ['nothing, and nobody asked the API server', later({ requests: 5_000 }), ['API requests: 0']],
])('idle minutes in which somebody wrote %s', (_, now, expected) => {
  expect(missed(now)).toEqual(expected);
});
