import { describe, expect, test } from 'vitest';
import { type ExpectedTenant, sweep, sweepReport } from './oracle.ts';
import type { InventoryItem } from './world.ts';

const item = (over: Partial<InventoryItem>): InventoryItem => ({
  ...{ cluster: 'remote-a', kind: 'Namespace', name: 'x', finalizers: [], state: 'there' },
  ...over,
});
const system = item({ name: 'kube-system' });
const baseline = [system];

const tenant: ExpectedTenant = {
  ...{ storedOn: 'home', namespace: 'tenants', name: 'shop' },
  rollouts: [{ cluster: 'remote-a', workspace: 'shop-ws', release: 'tenant-shop-remote-a' }],
};
const stored = item({
  ...{ cluster: 'home', kind: 'Tenant', namespace: 'tenants', name: 'shop' },
  finalizers: ['mesh.openkcm.io/cleanup'],
});
const workspace = item({ name: 'shop-ws' });
const release = item({
  ...{ kind: 'Secret', namespace: 'shop-ws', name: 'sh.helm.release.v1.tenant-shop-remote-a.v1' },
  release: 'tenant-shop-remote-a',
});
const whole = [system, stored, workspace, release];

const reportOf = (expected: readonly ExpectedTenant[], actual: readonly InventoryItem[]) =>
  sweepReport(sweep(baseline, expected, actual));

test('a Tenant with its workspace and release is explained, whatever else lies in the workspace', () => {
  const account = item({ kind: 'ServiceAccount', namespace: 'shop-ws', name: 'deployer' });
  expect(reportOf([tenant], [...whole, account])).toBe('');
});

test('nothing is left when no Tenant is expected', () => {
  expect(reportOf([], [system])).toBe('');
});

describe('what a deleted Tenant left behind is unexplained', () => {
  test.each([
    ['its namespace', workspace, 'Namespace shop-ws on remote-a'],
    [
      'its release',
      release,
      'Secret sh.helm.release.v1.tenant-shop-remote-a.v1 (release tenant-shop-remote-a) on remote-a, namespace shop-ws',
    ],
    ['itself', stored, 'Tenant shop on home, namespace tenants'],
    [
      'power in the whole cluster',
      item({ kind: 'ClusterRoleBinding', name: 'shop-all' }),
      'ClusterRoleBinding shop-all on remote-a',
    ],
    [
      'a CRD of its chart',
      item({ kind: 'CustomResourceDefinition', name: 'widgets.x' }),
      'CustomResourceDefinition widgets.x on remote-a',
    ],
  ])('%s', (_what, left, sentence) => {
    expect(reportOf([], [system, left])).toBe(`unexplained: ${sentence}`);
  });
});

test('a second release in the workspace of a Tenant is unexplained', () => {
  const other = { ...release, name: 'sh.helm.release.v1.other.v1', release: 'other' };
  expect(reportOf([tenant], [...whole, other])).toContain('unexplained: Secret sh.helm.release.v1.other.v1');
});

test('a release that was there from the beginning may have other revisions', () => {
  const own = {
    ...release,
    namespace: 'tenant-operator',
    release: 'operator',
    name: 'sh.helm.release.v1.operator.v1',
  };
  const upgraded = { ...own, name: 'sh.helm.release.v1.operator.v2' };
  expect(sweepReport(sweep([own], [], [upgraded]))).toBe('');
});

test('the same workspace on another cluster is not explained by it', () => {
  const elsewhere = { ...workspace, cluster: 'remote-b' };
  expect(reportOf([tenant], [...whole, elsewhere])).toBe('unexplained: Namespace shop-ws on remote-b');
});

describe('what should be there and is not is missing', () => {
  test.each([
    ['the Tenant', stored, 'Tenant shop of home, namespace tenants'],
    ['the workspace', workspace, 'Namespace shop-ws on remote-a, workspace of Tenant shop'],
    ['the release', release, 'release tenant-shop-remote-a on remote-a'],
    ['what was there from the beginning', system, 'Namespace kube-system on remote-a, which was there'],
  ])('%s', (_what, gone, sentence) => {
    const actual = whole.filter((one) => one !== gone);
    expect(reportOf([tenant], actual)).toContain(`missing: ${sentence}`);
  });

  test('the finalizer, without which a delete would orphan the release', () => {
    const bare = whole.map((one) => (one === stored ? { ...stored, finalizers: [] } : one));
    expect(reportOf([tenant], bare)).toContain('missing: finalizer mesh.openkcm.io/cleanup on Tenant shop');
  });
});

test('what is marked for deletion and does not go is held by somebody, and the report says by whom', () => {
  const held = { ...stored, state: 'going' as const };
  expect(reportOf([tenant], [system, held, workspace, release])).toBe(
    'held by mesh.openkcm.io/cleanup: Tenant shop on home, namespace tenants',
  );
});

test('a Tenant that waits needs no release and no finalizer', () => {
  const waiting = { ...tenant, rollouts: [] };
  expect(reportOf([waiting], [system, { ...stored, finalizers: [] }])).toBe('');
});
