import { expect, test } from 'vitest';
import type { InventoryItem, Thing } from '../../suites/tenants/world.ts';
import { itemOf } from './clusters.ts';
import { requireNoDebris } from './debris.ts';

const item = (cluster: 'home' | 'remote-a', kind: 'Namespace' | 'Secret' | 'Tenant', rest: object) => {
  const { metadata, ...fields } = { metadata: {}, ...rest };
  const named = { name: 'left', ...metadata };
  return itemOf(cluster, kind, { apiVersion: 'v1', kind, metadata: named, ...fields } as Thing);
};
const release = (cluster: 'home' | 'remote-a', namespace: string, name: string): InventoryItem =>
  item(cluster, 'Secret', {
    type: 'helm.sh/release.v1',
    metadata: { name: `sh.helm.release.v1.${name}.v1`, namespace, labels: { name } },
  });

const scene: readonly InventoryItem[] = [
  ...['default', 'kube-system', 'tenants', 'tenant-operator', 'charter-fixtures', 'akko'].map((name) =>
    item('home', 'Namespace', { metadata: { name } }),
  ),
  release('home', 'tenant-operator', 'tenant-operator'),
  release('home', 'akko', 'charter'),
  item('home', 'Secret', { metadata: { name: 'remote-a', namespace: 'tenant-operator' } }),
  item('remote-a', 'Namespace', { metadata: { name: 'tenants' } }),
];

test('the scene itself, and the platform of make e2e-kind, is no debris', () => {
  expect(() => requireNoDebris(scene)).not.toThrow();
});

test.each<[string, InventoryItem, string]>([
  [
    'a Tenant',
    item('home', 'Tenant', { metadata: { namespace: 'tenants' } }),
    'Tenant left on home, namespace tenants is of a scenario',
  ],
  [
    'a release',
    release('remote-a', 'shop-ws', 'tenant-shop-remote-a'),
    '(release tenant-shop-remote-a) on remote-a, namespace shop-ws is a release of a scenario',
  ],
  [
    'a release on a remote in a namespace that has releases at home',
    release('remote-a', 'akko', 'tenant-shop-remote-a'),
    'on remote-a, namespace akko is a release of a scenario',
  ],
  [
    'what terminates',
    item('remote-a', 'Namespace', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }),
    'Namespace left on remote-a terminates',
  ],
  [
    'a workspace that the operator made',
    item('home', 'Namespace', {
      metadata: { labels: { 'app.kubernetes.io/managed-by': 'tenant-operator' } },
    }),
    'Namespace left on home has a mark of the operator',
  ],
  [
    'a workspace of somebody else that the operator used',
    item('home', 'Namespace', { metadata: { annotations: { 'mesh.openkcm.io/chart-chosen': 'true' } } }),
    'Namespace left on home has a mark of the operator',
  ],
])('%s is named, with what to do', (_what, left, line) => {
  const looking = () => requireNoDebris([...scene, left]);
  expect(looking).toThrow(line);
  expect(looking).toThrow(`make kind-down CLUSTERS="${left.cluster}"`);
});
