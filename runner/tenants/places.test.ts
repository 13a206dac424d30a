import { expect, test } from 'vitest';
import { places } from './places.ts';

const at = (cluster: string, release = 'r') => ({ cluster, workspace: 'ws', release });

test('a release is found by where it is, and a Tenant that moved is not found where it was', () => {
  const known = places();
  known.set('k', at('remote-a'));
  expect(known.ofRelease(at('remote-a'))).toEqual(['k']);
  expect(known.inWorkspace(at('remote-a'))).toEqual(['k']);
  known.set('k', at('remote-b'));
  expect(known.ofRelease(at('remote-a'))).toEqual([]);
  expect(known.inWorkspace(at('remote-a'))).toEqual([]);
  expect(known.ofRelease(at('remote-b'))).toEqual(['k']);
});

test('one that is refused hides nobody whose release it is, and one that is gone is forgotten', () => {
  const known = places();
  known.set('owner', at('remote-a'));
  known.set('refused', at('remote-a'));
  expect(known.ofRelease(at('remote-a'))).toEqual(['owner', 'refused']);
  known.forget('owner');
  expect(known.ofRelease(at('remote-a'))).toEqual(['refused']);
  known.forget('refused');
  expect(known.inWorkspace(at('remote-a'))).toEqual([]);
});
