import { expect, test } from 'vitest';
import { backoffMs, keyOf, pathOf, refOf, resource, resources } from './index.ts';

const tenants = resource('mesh.openkcm.io/v1alpha1', 'Tenant', 'tenants');

test.each([
  [resources.secrets, {}, '/api/v1/secrets'],
  [resources.secrets, { namespace: 'n' }, '/api/v1/namespaces/n/secrets'],
  [resources.namespaces, { name: 'n' }, '/api/v1/namespaces/n'],
  [
    tenants,
    { namespace: 'n', name: 't', subresource: 'status' },
    '/apis/mesh.openkcm.io/v1alpha1/namespaces/n/tenants/t/status',
  ],
  [resources.configMaps, { namespace: 'n', name: '../x' }, '/api/v1/namespaces/n/configmaps/..%2Fx'],
])('pathOf(%o, %o)', (of, where, path) => {
  expect(pathOf(of, where)).toBe(path);
});

test.each([
  [{ namespace: 'n', name: 'a' }, 'n/a'],
  [{ name: 'a' }, 'a'],
])('keyOf and refOf are each the other way of %o', (ref, key) => {
  expect([keyOf(ref), keyOf({ metadata: ref }), refOf(key)]).toEqual([key, key, ref]);
});

test.each([
  [1, 0.999_999, 500],
  [2, 0.999_999, 1_000],
  [3, 0.5, 1_000],
  [60, 0.999_999, 300_000],
  [5_000, 0.999_999, 300_000],
  [9, 0, 5],
])('after %i failures, with the random number %f: %i ms', (failures, random, ms) => {
  expect(backoffMs(failures, {}, () => random)).toBe(ms);
});
