// What a world leaves for whoever outlives its process: its mark is there before the first of its objects.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { answerJson, scriptedServer } from '../kube/testing/index.ts';
import { openStage } from './network-stage.ts';

afterEach(() => vi.unstubAllEnvs());

const dnsPod = {
  metadata: { name: 'coredns' },
  status: { podIP: '10.244.0.2', conditions: [{ type: 'Ready', status: 'True' }] },
};
const apiSlice = {
  metadata: { name: 'kubernetes' },
  ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
  endpoints: [{ addresses: ['172.18.0.3'], conditions: { ready: true } }],
};

test('a world that dies while it is being made can be swept by its suffix', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'charter-stage-'));
  const marks: string[][] = [];
  await using server = await scriptedServer(({ method, url = '' }, response) => {
    if (method === 'POST') {
      marks.push(readdirSync(folder));
      return answerJson(response, 403, { kind: 'Status', code: 403, reason: 'Forbidden', message: 'no' });
    }
    const labels = { 'kubernetes.io/hostname': 'n1' };
    const node = {
      metadata: { name: 'n1', labels },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    };
    const items = url.includes('/nodes') ? [node] : url.includes('/endpointslices') ? [apiSlice] : [dnsPod];
    const isList = !/namespaces\/[a-z-]+$/.test(url.replace(/\?.*/, ''));
    const wanted =
      url.includes('/api/v1/namespaces?') || url.includes('/apps/') || url.includes('crd') ? [] : items;
    answerJson(
      response,
      200,
      isList ? { metadata: { resourceVersion: '1' }, items: wanted } : { metadata: {} },
    );
  });
  const kubeconfig = join(folder, '..', `${folder.split('/').at(-1)}.yaml`);
  writeFileSync(kubeconfig, server.kubeconfig);
  vi.stubEnv(
    'CHARTER_NETWORK',
    JSON.stringify({ worlds: folder, cluster: { kubeconfig }, world: { image: 'none' } }),
  );
  try {
    await expect(openStage({ ports: [], portsOf: {} })).rejects.toMatchObject({ code: 'CHR_KUBE_FORBIDDEN' });
    const [suffix = ''] = marks[0] ?? [];
    expect(suffix).toMatch(/^[0-9a-f]{6}$/);
    const posted = server.asked.findIndex((line) => line.startsWith('POST'));
    expect(JSON.stringify(server.bodies[posted])).toContain(`charter-net-${suffix}-`);
  } finally {
    rmSync(folder, { recursive: true });
    rmSync(kubeconfig);
  }
});
