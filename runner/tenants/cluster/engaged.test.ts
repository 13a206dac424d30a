// What an engaged cluster keeps of a workspace, and for how long.
import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { answerJson, eventually, scriptedServer } from '../../kube/testing/index.ts';
import { engage } from './engaged.ts';

const namespace = (name: string) => ({
  ...{ apiVersion: 'v1', kind: 'Namespace' },
  metadata: { name, uid: name, resourceVersion: '2' },
});

test('the clients of a workspace go with its namespace, and one of that name that comes again has new ones', async () => {
  let watch: ServerResponse | undefined;
  await using server = await scriptedServer(({ url = '' }, response) => {
    if (url.includes('watch=')) {
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      if (url.startsWith('/api/v1/namespaces?')) watch = response;
      return;
    }
    const items = url.startsWith('/api/v1/namespaces?') ? [namespace('shop'), namespace('other')] : [];
    const isOne = url === '/version' || url.startsWith('/api/v1/namespaces/kube-system');
    answerJson(
      response,
      200,
      isOne ? namespace('kube-system') : { metadata: { resourceVersion: '2' }, items },
    );
  });
  const stop = new AbortController();
  const cluster = await engage({
    ...{ name: 'remote-a', watchNamespaces: [], crd: 'leave', signal: stop.signal },
    access: { forClient: () => server.kubeconfig, forHelm: () => '' },
    fence: (client) => client,
    ...{ onRequest: () => {}, onTenant: () => {}, onNamespace: () => {}, onTrouble: () => {} },
    ...{ onRelease: () => {}, onError: () => {} },
  });
  try {
    const all = () => [cluster.as('shop'), cluster.as('shop', 'wide'), cluster.as('other')];
    const before = all();
    const isKept = () => all().map((one, at) => one === before[at]);
    expect(isKept()).toEqual([true, true, true]);
    await eventually(() => watch !== undefined);
    watch?.write(`${JSON.stringify({ type: 'DELETED', object: namespace('shop') })}\n`);
    await eventually(() => cluster.namespace('shop') === undefined);
    expect(isKept()).toEqual([false, false, true]);
  } finally {
    await cluster.close();
  }
});
