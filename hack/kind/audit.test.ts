import { expect, test } from 'vitest';
import { callsIn } from './audit.ts';

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
