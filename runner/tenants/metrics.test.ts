import { expect, test } from 'vitest';
import { countByCluster } from './metrics.ts';
import type { Tenant } from './tenant.ts';

const tenant = (phase: 'Ready' | 'Error' | undefined, secretName?: string): Tenant => ({
  spec: { workspace: 'w', ...(secretName ? { clusterRef: { secretName } } : {}) },
  ...(phase ? { status: { phase } } : {}),
});

test('K66 ready and error counts per cluster, by where Tenants are rolled out', () => {
  const clusters = [
    {
      name: 'self-cluster',
      tenants: () => [
        tenant('Ready'),
        tenant('Ready', 'remote-a'),
        tenant('Error', 'remote-a'),
        tenant(undefined),
      ],
    },
    // One that a remote stores for another cluster is nobody's.
    { name: 'remote-a', tenants: () => [tenant('Ready'), tenant(undefined, 'any text')] },
    { name: 'remote-b', tenants: () => [] },
  ];
  const counts = (phase: string) => Object.fromEntries(countByCluster(clusters, phase));
  expect(counts('Ready')).toEqual({ 'self-cluster': 1, 'remote-a': 2, 'remote-b': 0 });
  expect(counts('Error')).toEqual({ 'self-cluster': 0, 'remote-a': 1, 'remote-b': 0 });
  expect(counts('Pending')).toEqual({ 'self-cluster': 1, 'remote-a': 0, 'remote-b': 0 });
});
