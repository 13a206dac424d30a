// The chart's CRD is the one that the operator makes on clusters without any.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { chartName, ociReference } from './chart/source.ts';
import { tenantCrd } from './crd.ts';
import { driftModes, remediations } from './tenant.ts';

const root = resolve(import.meta.dirname, '../..');
type Schema = {
  readonly properties?: Record<string, Schema>;
  readonly enum?: readonly string[];
  readonly [other: string]: unknown;
};
const [version] = (
  tenantCrd as unknown as {
    spec: {
      versions: { schema: { openAPIV3Schema: Schema }; additionalPrinterColumns: { name: string }[] }[];
    };
  }
).spec.versions;
const spec = version?.schema.openAPIV3Schema.properties?.spec;

test('the chart and the operator carry the same CRD', () => {
  const text = (path: string) => readFileSync(resolve(root, path), 'utf8');
  expect(text('charts/tenant-operator/crds/tenants.crd.yaml')).toBe(text('runner/tenants/tenants.crd.yaml'));
});

test('cluster, workspace and phase are columns of kubectl get', () => {
  expect(version?.additionalPrinterColumns.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['Cluster', 'Workspace', 'Phase']),
  );
});

test('the words of the schema are those of the operator', () => {
  expect(spec?.properties?.driftDetection?.properties?.mode?.enum).toEqual(driftModes);
  expect(spec?.properties?.remediation?.enum).toEqual(remediations);
});

test('what a chart may be called is the same for the API server and the operator', () => {
  const { name, oci } = spec?.properties?.chartFrom?.properties ?? {};
  expect(new RegExp(String(name?.pattern)).source).toBe(chartName.source);
  expect(new RegExp(String(oci?.pattern)).source).toBe(ociReference.source);
});

test('K65 the CRD keeps spec.chart from being dropped in silence: it is refused with what to do', () => {
  expect(JSON.stringify(spec)).toContain('!has(self.chart)');
  expect(spec?.properties?.chart).toMatchObject({ 'x-kubernetes-preserve-unknown-fields': true });
});
