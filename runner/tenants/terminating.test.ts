// A workspace that somebody deletes: what runs in it is taken away, and nothing is put into it.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import type { Namespace } from '../kube/index.ts';
import { answerJson } from '../kube/testing/index.ts';
import type { EngagedCluster } from './cluster/engaged.ts';
import { helmSlots } from './helm/slots.ts';
import { places } from './places.ts';
import { reconciler } from './reconcile.ts';
import type { Tenant } from './tenant.ts';
import { testStage } from './testing.ts';

const name = 'tenant-acme-self-cluster';
const secret = {
  metadata: {
    name: `sh.helm.release.v1.${name}.v1`,
    labels: { owner: 'helm', name, version: '1', status: 'deployed', 'mesh.openkcm.io/tenant': 'u1' },
  },
  data: { release: btoa(gzipSync(JSON.stringify({ name, version: 1 })).toString('base64')) },
};
const tenant: Tenant = {
  metadata: {
    ...{ name: 'acme', namespace: 'tenants', uid: 'u1', generation: 3, resourceVersion: '7' },
    finalizers: ['mesh.openkcm.io/cleanup'],
  },
  spec: { workspace: 'acme-ws' },
  status: { phase: 'Ready' },
};
const terminating: Namespace = {
  metadata: { name: 'acme-ws', deletionTimestamp: '2026-01-01T00:00:00Z' },
  status: { phase: 'Terminating' },
};

test('K49 a workspace that is terminating leads to an uninstall, to waiting for its end, and to no install', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tenants-terminating-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [helmBinary, calls] = [join(folder, 'helm'), join(folder, 'calls')];
  writeFileSync(helmBinary, `#!/bin/sh\necho "$1 $2" >> ${calls}\n`, { mode: 0o755 });
  await using stage = await testStage({
    tenant,
    script: ({ url = '' }, response) => {
      if (!url.startsWith('/api/v1/namespaces/acme-ws/secrets')) return answerJson(response, 200, tenant);
      const items = existsSync(calls) ? [] : [secret];
      answerJson(response, 200, { kind: 'SecretList', metadata: { resourceVersion: '1' }, items });
    },
  });
  const cluster = { ...stage.context.scene.store, namespace: () => terminating } as EngagedCluster;
  const world = {
    ...stage.context.world,
    ...{ helmBinary, cluster: () => cluster, clusters: () => [cluster] },
  };
  const { signal } = new AbortController();
  const slots = helmSlots({ size: 1, wake: () => {} });
  const reconcile = reconciler(world, places(), slots);
  const result = await reconcile('self-cluster|tenants|acme', { signal, failures: 0 });
  expect(readFileSync(calls, 'utf8')).toBe(`uninstall ${name}\n`);
  expect(result).toEqual({ requeueAfterMs: 2_000 });
  expect(stage.reasons()).toContain('HelmUninstalled');
  expect(JSON.stringify(stage.server.bodies.at(-1))).toContain(
    '"reason":"WorkspaceTerminating","message":"workspace acme-ws is terminating"',
  );
  expect(stage.server.asked.filter((line) => line.startsWith('POST'))).toEqual([]);
});
