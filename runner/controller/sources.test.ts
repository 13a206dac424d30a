import { expect, test } from 'vitest';
import type { InformerEvent, KubeObject } from '../kube/index.ts';
import { specChanged } from './index.ts';

const object = (metadata: KubeObject['metadata'] & object): KubeObject => ({
  metadata: { generation: 1, ...metadata },
});
const modified = (one: KubeObject, other: KubeObject): InformerEvent<KubeObject> => ({
  ...{ type: 'modified', key: 'k', previous: one, object: other },
});

test.each([
  [
    'a write of the status',
    modified(object({ resourceVersion: '1' }), object({ resourceVersion: '2' })),
    false,
  ],
  ['a new generation', modified(object({}), object({ generation: 2 })), true],
  [
    'a deletion that begins',
    modified(object({}), object({ deletionTimestamp: '2026-01-01T00:00:00Z' })),
    true,
  ],
  ['a label', modified(object({ labels: { a: '1' } }), object({ labels: { a: '2' } })), true],
  ['an annotation', modified(object({}), object({ annotations: { a: '2' } })), true],
  ['a finalizer', modified(object({ finalizers: ['a'] }), object({})), true],
  ['a kind without generations', modified({ metadata: {} }, { metadata: {} }), true],
  ['an addition', { type: 'added', key: 'k', object: object({}) } as const, true],
  ['a deletion', { type: 'deleted', key: 'k', object: object({}) } as const, true],
])('specChanged: %s', (_, event, counts) => {
  expect(specChanged(event)).toBe(counts);
});
