import { expect, test } from 'vitest';
import { catalogIsReachable, changesIn, resourceVersionIn } from './answers.ts';

test.each([
  [{ status: 'ready', dependencies: { openmetadata: 'reachable', opa: 'reachable' } }, true],
  [{ checks: { open_metadata: { status: 'ok' } } }, true],
  [{ catalog: true }, true],
  [{ dependencies: { openmetadata: 'unreachable' } }, false],
  [{ dependencies: { opa: 'reachable' } }, false],
  [{ status: 'ready' }, false],
  ['ready', false],
])('readiness %j: catalog reachable %s', (ready, reachable) => {
  expect(catalogIsReachable(ready)).toBe(reachable);
});

test.each([
  [{ status: 'ok', changed: 0, unchanged: 4, removed: 0 }, 0],
  [{ changed: 2, unchanged: 0, removed: 1 }, 3],
  [{ result: { masks_updated: 1 } }, 1],
  [{ changed: false }, 0],
  [{ changed: true }, 1],
  [{ updated: ['a', 'b'] }, 2],
  [{ status: 'ok', durationMs: 12 }, undefined],
  [undefined, undefined],
])('%j says %s changes', (answer, changes) => {
  expect(changesIn(answer)).toBe(changes);
});

test('the resource version is read in either spelling', () => {
  expect(resourceVersionIn({ configMap: { resourceVersion: '17' } })).toBe('17');
  expect(resourceVersionIn({ resource_version: 17 })).toBe('17');
  expect(resourceVersionIn({})).toBeUndefined();
});
