import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { clientOf } from '../kube/index.ts';
import { answerJson, type Script, scriptedServer } from '../kube/testing/index.ts';
import { parseKubeconfig } from './kubeconfig/kubeconfig.ts';
import { keepSelfSecret } from './self-secret.ts';
import { settingsOf } from './settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'tenant-self-'));
for (const [name, text] of [
  ['token', 'pod-token'],
  ['ca.crt', 'CA'],
] as const)
  writeFileSync(join(folder, name), text);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pod = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };

async function keeping(script: Script, env: Record<string, string> = pod) {
  await using server = await scriptedServer(script);
  const client = clientOf(server.kubeconfig);
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  await keepSelfSecret({
    client,
    settings: settingsOf({}, {}, undefined),
    env,
    serviceAccountFolder: folder,
    log,
  });
  await client.close();
  return { asked: server.asked, bodies: server.bodies, lines };
}

const absent: Script = (request, response) =>
  answerJson(response, request.method === 'GET' ? 404 : 201, { kind: 'Status', reason: 'NotFound' });

test('K12 the Secret self-cluster is made with the label and a kubeconfig that parses', async () => {
  const { bodies } = await keeping(absent);
  const secret = bodies.at(-1) as {
    metadata: { name: string; labels: object };
    data: { kubeconfig: string };
  };
  expect(secret.metadata).toMatchObject({
    name: 'self-cluster',
    namespace: 'default',
    labels: { 'sigs.k8s.io/multicluster-runtime-kubeconfig': 'true' },
  });
  const text = Buffer.from(secret.data.kubeconfig, 'base64').toString('utf8');
  const config = parseKubeconfig(text);
  expect(config?.clusters[0]).toMatchObject({ name: 'self', cluster: { server: 'https://10.0.0.1:443' } });
  // It is as mighty as the operator.
  expect(text).not.toContain('pod-token');
});

test("a Secret made from a Pod's account says so, so that its token is read from the Pod", async () => {
  const { bodies } = await keeping(absent);
  expect(bodies.at(-1)).toMatchObject({
    metadata: { annotations: { 'mesh.openkcm.io/credentials': 'pod' } },
  });
});

const own = Buffer.from(
  JSON.stringify({ clusters: [{ name: 'a', cluster: {} }], contexts: [{ name: 'a', context: {} }] }),
).toString('base64');

test('K13 one that is there and parses is left as it is', async () => {
  const { asked } = await keeping((_, response) => answerJson(response, 200, { data: { kubeconfig: own } }));
  expect(asked).toHaveLength(1);
});

test('one that cannot be parsed gets its data anew, and keeps its labels', async () => {
  const { bodies } = await keeping((_, response) =>
    answerJson(response, 200, { data: { kubeconfig: 'AAAA' } }),
  );
  expect(Object.keys((bodies.at(-1) as { metadata: object }).metadata)).toEqual(['annotations']);
});

test('K20 a failure is said and stops nothing', async () => {
  const { lines } = await keeping((_, response) =>
    answerJson(response, 500, { kind: 'Status', message: 'down' }),
  );
  expect(lines[0]).toContain('Secret self-cluster could not be kept');
  const nowhere = await keeping(absent, {});
  expect(nowhere.lines[0]).toContain('neither a kubeconfig nor a ServiceAccount is here');
});
