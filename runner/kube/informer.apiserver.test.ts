// What an informer promises, with a real API server that is killed, cut off and made to forget.
import { expect, test } from 'vitest';
import { type ConfigMap, clientOf, type Informer, informer, isKubeError, resources } from './index.ts';
import { cutWire, describeWithApiServer, eventually } from './testing/index.ts';

const { configMaps, namespaces } = resources;

describeWithApiServer('an informer', (api) => {
  /** A namespace of the test's own, a way to write into it, and a log of what an informer tells. */
  async function stage(
    name: string,
    options: { readonly url?: string; readonly labelSelector?: string } = {},
  ) {
    const { url, ...selection } = options;
    await eventually(() => api.admin.create(namespaces, { metadata: { name } }).then(() => true));
    const client = clientOf(api.server.kubeconfig(url));
    const told: string[] = [];
    const errors: unknown[] = [];
    const seen: Informer<ConfigMap> = informer({
      ...{ client, resource: configMaps, namespace: name, idleMs: 3_000, maxBackoffMs: 200, ...selection },
      onError: (error) => errors.push(error),
    });
    seen.on(({ type, object }) => {
      if (object.metadata?.name !== 'kube-root-ca.crt') told.push(`${type} ${object.metadata?.name}`);
    });
    const ref = (object: string) => ({ namespace: name, name: object });
    return {
      ...{ client, told, errors, seen },
      put: (object: string, value: string, labels: Record<string, string> = {}) =>
        api.admin.patch(configMaps, ref(object), {
          type: 'apply',
          conflicts: 'force',
          body: { metadata: { ...ref(object), labels }, data: { value } },
        }),
      remove: (object: string) => api.admin.delete(configMaps, ref(object)),
      [Symbol.asyncDispose]: async () => {
        await seen.stop();
        await client.close();
      },
    };
  }

  test('tells additions, changes and deletions in order, and keeps the store', async () => {
    await using at = await stage('in-order');
    await at.put('a', '1');
    at.seen.start();
    await at.seen.synced;
    expect(at.told).toEqual(['added a']);
    await at.put('a', '2');
    await at.put('b', '1');
    await at.remove('a');
    await eventually(() => at.told.length === 4);
    expect(at.told).toEqual(['added a', 'modified a', 'added b', 'deleted a']);
    expect(at.seen.store.get('in-order/b')).toMatchObject({ kind: 'ConfigMap', data: { value: '1' } });
    expect(at.seen.store.get('in-order/a')).toBeUndefined();
  });

  test('sees what a label selector selects, and an object that leaves the selection as deleted', async () => {
    await using at = await stage('selected', { labelSelector: 'seen=yes' });
    at.seen.start();
    await at.seen.synced;
    await at.put('a', '1', { seen: 'yes' });
    await at.put('b', '1', { seen: 'no' });
    await at.put('a', '1', { seen: 'no' });
    await eventually(() => at.told.length === 2);
    expect(at.told).toEqual(['added a', 'deleted a']);
  });

  test('lists more objects than fit into a page as one state', async () => {
    await using at = await stage('pages');
    for (const name of ['a', 'b', 'c', 'd', 'e']) await at.put(name, '1');
    const list = await api.admin.list(configMaps, { namespace: 'pages', pageSize: 2 });
    expect(list.items.map(({ metadata }) => metadata?.name)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('never calls a refused list empty: it is not synced and says why', async () => {
    const client = clientOf(api.server.kubeconfigOfUser('alice'));
    const seen = informer({ client, resource: configMaps, namespace: 'default', maxBackoffMs: 50 });
    seen.start();
    const trouble = await eventually(() => seen.trouble());
    expect(isKubeError(trouble, 'CHR_KUBE_FORBIDDEN')).toBe(true);
    expect(seen.hasSynced()).toBe(false);
    await seen.stop();
    await expect(seen.synced).rejects.toThrow('stopped');
    await client.close();
  });

  test('goes on after the connection was cut, and misses no change of that time', async () => {
    await using wire = await cutWire(api.server.url);
    await using at = await stage('cut', { url: wire.url });
    for (const name of ['kept', 'changed', 'deleted', 'recreated']) await at.put(name, '1');
    at.seen.start();
    await at.seen.synced;
    at.told.length = 0;
    wire.cut();
    await eventually(() => at.seen.trouble());
    await at.put('changed', '2');
    await at.remove('deleted');
    await at.remove('recreated');
    await at.put('recreated', '2');
    expect(at.told).toEqual([]);
    wire.mend();
    await eventually(() => at.told.length >= 4);
    expect(at.told).toEqual(['modified changed', 'deleted deleted', 'deleted recreated', 'added recreated']);
    await eventually(() => at.seen.trouble() === undefined);
  });

  test('notices a connection that only fell silent', async () => {
    await using wire = await cutWire(api.server.url);
    await using at = await stage('silent', { url: wire.url });
    at.seen.start();
    await at.put('a', '1');
    await eventually(() => at.told.includes('added a'));
    wire.hush();
    await at.put('b', '1');
    expect(isKubeError(await eventually(() => at.seen.trouble()), 'CHR_KUBE_TIMEOUT')).toBe(true);
    wire.mend();
    await eventually(() => at.told.includes('added b'));
  });

  test('survives kill -9 of the API server, also when its place in the history is 410 Gone', async () => {
    await using wire = await cutWire(api.server.url);
    await using cut = await stage('gone', { url: wire.url });
    await using direct = await stage('killed');
    for (const name of ['kept', 'changed', 'deleted', 'recreated']) await cut.put(name, '1');
    for (const name of ['a', 'b']) await direct.put(name, '1');
    for (const { seen, told } of [cut, direct]) {
      seen.start();
      await seen.synced;
      told.length = 0;
    }
    wire.cut();
    await eventually(() => cut.seen.trouble());
    await cut.put('changed', '2');
    await cut.remove('deleted');
    await cut.remove('recreated');
    await cut.put('recreated', '2');

    await api.server.kill();
    await eventually(() => direct.seen.trouble());
    expect(direct.seen.store.size).toBeGreaterThanOrEqual(2);
    await api.server.start();
    await direct.remove('a');
    await direct.put('c', '1');
    await eventually(() => direct.told.length >= 2);
    expect(direct.told).toEqual(['deleted a', 'added c']);

    // The new API server remembers no event from before its start.
    expect(cut.told).toEqual([]);
    wire.mend();
    await eventually(() => cut.told.length >= 4);
    expect(cut.errors.some((error) => isKubeError(error, 'CHR_KUBE_GONE'))).toBe(true);
    expect(cut.told.toSorted()).toEqual([
      'added recreated',
      'deleted deleted',
      'deleted recreated',
      'modified changed',
    ]);
  });
});
