// What is done about the run lock, from a Lease and a clock alone.
import { describe, expect, test } from 'vitest';
import type { LeaseSpec } from '../apiserver/index.ts';
import { decide, microTime } from './lock-decision.ts';

const now = Date.UTC(2026, 10, 21, 4, 0, 30);
const ago = (seconds: number) => microTime(now - seconds * 1_000);
const wanting = { me: 'job-a', leaseMs: 30_000, transitions: undefined };
const held = (holderIdentity: string, renewed: number, transitions = 4): LeaseSpec => ({
  holderIdentity,
  leaseDurationSeconds: 30,
  acquireTime: ago(100),
  renewTime: ago(renewed),
  leaseTransitions: transitions,
});

describe('a run that wants the lock', () => {
  test.each<[string, LeaseSpec, string]>([
    ['takes a Lease that was never held', {}, 'acquire'],
    ['takes one that was given back', held('', 1), 'acquire'],
    ['waits for another Job', held('job-b', 1), 'wait'],
    ['waits until the last moment', held('job-b', 29.999), 'wait'],
    ['takes over from a dead holder', held('job-b', 30), 'acquire'],
    ['takes over where the Lease does not say until when it holds', { holderIdentity: 'job-b' }, 'acquire'],
    ['inherits the lock of its own Job', held('job-a', 1), 'renew'],
    ['inherits it also when it has expired', held('job-a', 100), 'renew'],
  ])('%s', (_name, seen, act) => {
    expect(decide(seen, wanting, now).act).toBe(act);
  });

  test('knows when a lock that is not renewed becomes free', () => {
    expect(decide(held('job-b', 10), wanting, now)).toEqual({ act: 'wait', freeAt: now + 20_000 });
  });

  test('writes itself, the time and one more transition', () => {
    expect(decide({ ...held('job-b', 31) }, wanting, now)).toEqual({
      act: 'acquire',
      spec: {
        holderIdentity: 'job-a',
        leaseDurationSeconds: 30,
        acquireTime: '2026-11-21T04:00:30.000000Z',
        renewTime: '2026-11-21T04:00:30.000000Z',
        leaseTransitions: 5,
      },
    });
  });

  test('leaves what it inherits as it was but for the time', () => {
    expect(decide(held('job-a', 10), wanting, now)).toEqual({ act: 'renew', spec: held('job-a', 0) });
  });

  test('rounds the lease time up to whole seconds', () => {
    const { spec } = decide({}, { ...wanting, leaseMs: 1_001 }, now) as { spec: LeaseSpec };
    expect(spec.leaseDurationSeconds).toBe(2);
  });
});

describe('a run that holds the lock', () => {
  const holding = { ...wanting, transitions: 4 };
  test.each<[string, LeaseSpec, string]>([
    ['renews it', held('job-a', 10), 'renew'],
    ['renews it also late, as long as nobody took it', held('job-a', 300), 'renew'],
    ['has lost it to another holder', held('job-b', 1, 5), 'lost'],
    ['has lost it even when that holder is dead meanwhile', held('job-b', 100, 5), 'lost'],
    ['has lost it when somebody else had it in between', held('job-a', 1, 6), 'lost'],
    ['has lost it when it was given back', held('', 1), 'lost'],
    ['has lost it when the Lease was made anew', {}, 'lost'],
  ])('%s', (_name, seen, act) => {
    expect(decide(seen, holding, now).act).toBe(act);
  });
});
