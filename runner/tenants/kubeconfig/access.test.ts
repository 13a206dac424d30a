// As whom a cluster is reached, and that a token which Kubernetes renews in the Pod is used when it is there.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { clientOf } from '../../kube/index.ts';
import { answerJson, scriptedServer } from '../../kube/testing/index.ts';
import { accessInCluster, accessOf } from './access.ts';
import { type Kubeconfig, parseKubeconfig } from './kubeconfig.ts';

const folder = mkdtempSync(join(tmpdir(), 'tenant-access-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => void vi.useRealTimers());
const userOf = (text: string) => (parse(text) as Kubeconfig).users[0]?.user;

test("K19 a renewed token of the Pod is used, by the client within a minute and by Helm's next call", async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const tokens: (string | undefined)[] = [];
  await using server = await scriptedServer(({ headers }, response) => {
    tokens.push(headers.authorization);
    answerJson(response, 200, {});
  });
  writeFileSync(join(folder, 'ca.crt'), '');
  writeFileSync(join(folder, 'token'), 'first');
  const url = parseKubeconfig(server.kubeconfig)?.clusters[0]?.cluster.server ?? '';
  const access = accessInCluster(url, folder);
  // The client package speaks plain HTTP only so.
  const text = access.forClient().replace('server:', 'insecure-skip-tls-verify: true\n      server:');
  const client = clientOf(text);
  await client.getPath('/version');
  writeFileSync(join(folder, 'token'), 'second');
  vi.setSystemTime(Date.now() + 61_000);
  await client.getPath('/version');
  await client.close();
  expect(tokens).toEqual(['Bearer first', 'Bearer second']);
  expect(userOf(access.forHelm('someone'))).toEqual({ tokenFile: join(folder, 'token'), as: 'someone' });
});

test('a group is impersonated beside the user, by Helm and by the client', async () => {
  const seen: unknown[] = [];
  await using server = await scriptedServer(({ headers }, response) => {
    seen.push([headers['impersonate-user'], headers['impersonate-group']]);
    answerJson(response, 200, {});
  });
  const access = accessOf(server.kubeconfig, 'refuse');
  expect(userOf(access.forHelm('someone', 'few'))).toMatchObject({ as: 'someone', 'as-groups': ['few'] });
  expect(userOf(access.forHelm('someone'))).not.toHaveProperty('as-groups');
  for (const asGroup of ['few', undefined]) {
    const client = clientOf(access.forClient('someone'), { asGroup });
    await client.getPath('/version');
    await client.close();
  }
  expect(seen).toEqual([
    ['someone', 'few'],
    ['someone', undefined],
  ]);
});
