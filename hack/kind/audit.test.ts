import { expect, test } from 'vitest';
import { callsIn, isSameLog } from './audit.ts';

const event = (more: object) =>
  JSON.stringify({
    ...{ kind: 'Event', stage: 'ResponseComplete', verb: 'create', userAgent: 'kubectl/v1.34' },
    objectRef: { resource: 'pods', namespace: 'x', name: 'a', apiVersion: 'v1' },
    responseStatus: { code: 201 },
    ...more,
  });

test('a call that ended', () => {
  expect(callsIn(event({}))).toEqual([
    { verb: 'create', userAgent: 'kubectl/v1.34', status: 201, resource: 'pods', namespace: 'x', name: 'a' },
  ]);
});

test('an exec counts as soon as it began; it may never end', () => {
  const objectRef = { resource: 'pods', subresource: 'exec', namespace: 'x', name: 'a' };
  expect(callsIn(event({ stage: 'ResponseStarted', verb: 'get', objectRef }))).toMatchObject([
    { resource: 'pods/exec' },
  ]);
  expect(callsIn(event({ stage: 'ResponseStarted' }))).toEqual([]);
});

test('a log that was rotated and has grown past where it was is not the same', () => {
  expect(isSameLog({ inode: '7', size: 100 }, { inode: '7', size: 100 })).toBe(true);
  expect(isSameLog({ inode: '7', size: 100 }, { inode: '7', size: 900 })).toBe(true);
  expect(isSameLog({ inode: '7', size: 100 }, { inode: '8', size: 900 })).toBe(false);
  expect(isSameLog({ inode: '7', size: 100 }, { inode: '7', size: 10 })).toBe(false);
});
