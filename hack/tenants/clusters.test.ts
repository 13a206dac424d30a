// The orphan oracle finds only what is looked at, and accuses nobody of what Kubernetes does by itself.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Kind, Thing } from '../../suites/tenants/world.ts';
import { projectRoot } from '../kind/paths.ts';
import { isOfKubernetes, swept } from './clusters.ts';

test('every kind that a sample chart makes is looked at; of its own kinds the definition', () => {
  const charts = join(projectRoot, 'fixtures', 'tenants', 'charts');
  const texts = globSync('*/{templates,crds}/*.yaml', { cwd: charts }).map((file) =>
    readFileSync(join(charts, file), 'utf8'),
  );
  const made = new Set(texts.flatMap((text) => [...text.matchAll(/^kind: (\w+)/gm)].map(([, kind]) => kind)));
  const defined = new Set(
    texts.flatMap((text) => [...text.matchAll(/\bnames:.*?\bkind: (\w+)/gs)].map(([, kind]) => kind)),
  );
  expect(made).toContain('HorizontalPodAutoscaler');
  const unseen = [...made].filter((kind) => !defined.has(kind) && !swept.includes(kind as Kind));
  expect(unseen).toEqual([]);
});

test.each<[string, Kind, object, boolean]>([
  ["the cluster's certificate", 'ConfigMap', { name: 'kube-root-ca.crt' }, true],
  ['the account of a namespace', 'ServiceAccount', { name: 'default' }, true],
  ['a Job that its time has come for', 'Job', { name: 'x', ownerReferences: [{ kind: 'CronJob' }] }, true],
  ['a Job of a hook', 'Job', { name: 'shop-migrate' }, false],
  ['a ConfigMap of a release', 'ConfigMap', { name: 'shop-settings' }, false],
  ['the account of releases', 'ServiceAccount', { name: 'tenant-release' }, false],
])('%s: by Kubernetes itself or not', (_what, kind, metadata, isSo) => {
  expect(isOfKubernetes(kind, { apiVersion: 'v1', kind, metadata } as Thing)).toBe(isSo);
});
