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

test('K55 of a cluster whose namespaces are named only their Tenants are listed, watched and known', async () => {
  const tenant = (namespace: string) => ({
    ...{ apiVersion: 'mesh.openkcm.io/v1alpha1', kind: 'Tenant' },
    metadata: { namespace, name: 'shop', uid: namespace, resourceVersion: '2' },
  });
  const all = ['team-a', 'team-b', 'elsewhere'].map(tenant);
  await using server = await scriptedServer(({ url = '' }, response) => {
    if (url.includes('watch='))
      return response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    const [, place] = /namespaces\/([^/]+)\/tenants/.exec(url) ?? [];
    const items = all.filter(({ metadata }) => place === undefined || metadata.namespace === place);
    const isList = url.includes('/tenants') || url.startsWith('/api/v1/namespaces?');
    answerJson(
      ...([response, 200] as const),
      isList
        ? { metadata: { resourceVersion: '2' }, items: url.includes('/tenants') ? items : [] }
        : namespace('kube-system'),
    );
  });
  const told: (string | undefined)[] = [];
  const cluster = await engage({
    ...{ name: 'remote-a', watchNamespaces: ['team-a', 'team-b'], crd: 'leave' },
    ...{ signal: new AbortController().signal, fence: (client) => client },
    access: { forClient: () => server.kubeconfig, forHelm: () => '' },
    onTenant: (_, { metadata }) => void told.push(metadata?.namespace),
    ...{ onRequest: () => {}, onNamespace: () => {}, onTrouble: () => {} },
    ...{ onRelease: () => {}, onError: () => {} },
  });
  try {
    const places = () =>
      server.asked.flatMap((line) => /v1alpha1\/(.*tenants)\?/.exec(line)?.[1] ?? []).toSorted();
    await eventually(() => places().length >= 4);
    expect(new Set(places())).toEqual(new Set(['namespaces/team-a/tenants', 'namespaces/team-b/tenants']));
    expect(told.toSorted()).toEqual(['team-a', 'team-b']);
    expect(cluster.tenants().map(({ metadata }) => metadata?.namespace)).toEqual(['team-a', 'team-b']);
    expect(cluster.tenant('elsewhere/shop')).toBeUndefined();
  } finally {
    await cluster.close();
  }
});
