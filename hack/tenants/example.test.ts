import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readSpec } from '../../runner/tenants/tenant.ts';
import { projectRoot } from '../kind/paths.ts';
import { remoteSecret } from './secret-of-remote.ts';

test('K58 the example Tenant is valid and names the Secret that the script makes', () => {
  const file = join(projectRoot, 'charts', 'tenant-operator', 'examples', 'tenant.yaml');
  const reading = readSpec(parse(readFileSync(file, 'utf8')));
  const { metadata } = remoteSecret('remote-a', 'default', 'kind: Config');
  expect(reading).toMatchObject({ kind: 'valid', spec: { clusterRef: { secretName: metadata.name } } });
});

test('K58 the Secret of a remote has label and key by which clusters are found', () => {
  const { metadata, data } = remoteSecret('remote-a', 'operators', 'kind: Config');
  expect(metadata.labels).toEqual({ 'sigs.k8s.io/multicluster-runtime-kubeconfig': 'true' });
  const { kubeconfig } = data as { readonly kubeconfig: string };
  expect(Buffer.from(kubeconfig, 'base64').toString()).toBe('kind: Config');
});
