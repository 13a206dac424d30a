import { expect, test } from 'vitest';
import { places } from './places.ts';

const at = (cluster: string, release = 'r') => ({ cluster, workspace: 'ws', release });

test('a release is found by where it is, and a Tenant that moved is not found where it was', () => {
  const known = places();
  known.set('k', at('remote-a'));
  expect(known.ofRelease(at('remote-a'))).toBe('k');
  expect(known.inWorkspace(at('remote-a'))).toEqual(['k']);
  known.set('k', at('remote-b'));
  expect(known.ofRelease(at('remote-a'))).toBeUndefined();
  expect(known.inWorkspace(at('remote-a'))).toEqual([]);
  expect(known.ofRelease(at('remote-b'))).toBe('k');
});

test('a Tenant that is gone is forgotten, and takes nothing from the next one of that place', () => {
  const known = places();
  known.set('old', at('remote-a'));
  known.set('new', at('remote-a'));
  known.forget('old');
  expect(known.ofRelease(at('remote-a'))).toBe('new');
  known.forget('new');
  expect(known.inWorkspace(at('remote-a'))).toEqual([]);
});
