// The example of docs/controller.md, events and finalizers, with a real API server.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type ConfigMap, clientOf, type RequestRecord, resources } from '../kube/index.ts';
import { describeWithApiServer, eventually } from '../kube/testing/index.ts';
import { addFinalizer, eventRecorder, removeFinalizer } from './index.ts';
import { keepTeams } from './testing/example.ts';

const { configMaps, events, leases, namespaces } = resources;

describeWithApiServer('a controller', (api) => {
  const requests: RequestRecord[] = [];
  const writes = () => requests.filter(({ verb, resource }) => verb === 'patch' && resource !== 'leases');
  const configMap = (name: string, more: ConfigMap['metadata'] & object = {}) =>
    api.admin.create(configMaps, { metadata: { namespace: 'default', name, ...more } });

  test('the example keeps what it promises, corrects what others do, writes nothing when idle, and stops', async () => {
    const own = clientOf(api.server.kubeconfig(), { onRequest: (request) => requests.push(request) });
    const stop = new AbortController();
    const ended = keepTeams(own, 'one', stop.signal);
    await api.admin.create(namespaces, { metadata: { name: 'blue', labels: { team: 'a' } } });
    const ref = { namespace: 'blue', name: 'team' };
    const team = async () => (await api.admin.get(configMaps, ref)).data?.team;
    await eventually(team, (seen) => seen === 'a');

    const body = { metadata: { labels: { team: 'b' } } };
    await api.admin.patch(namespaces, { name: 'blue' }, { type: 'merge', body });
    await eventually(team, (seen) => seen === 'b');
    await api.admin.delete(configMaps, ref);
    await eventually(team, (seen) => seen === 'b');
    await api.admin.patch(configMaps, ref, { type: 'merge', body: { data: { team: 'wrong' } } });
    await eventually(team, (seen) => seen === 'b');

    // The finalizer, and each of the four above once: what a reconcile writes wakes it up, but it finds nothing more to write.
    const wrote = (count: number) =>
      eventually(
        () => writes().length,
        (seen) => seen >= count,
      );
    await wrote(5);
    await api.admin.create(namespaces, { metadata: { name: 'green', labels: { team: 'c' } } });
    await eventually(() => api.admin.get(configMaps, { namespace: 'green', name: 'team' }));

    // The finalizer of the namespace lets go once it is marked; nobody finishes the deletion, for no controllers run here.
    await api.admin.delete(namespaces, { name: 'blue' });
    await eventually(
      () => api.admin.get(namespaces, { name: 'blue' }),
      ({ metadata }) => (metadata?.finalizers ?? []).length === 0,
    );
    await wrote(8);
    stop.abort();
    expect(await ended).toBe('released');
    expect(writes().length).toBe(8);
    const lease = await api.admin.get(leases, { namespace: 'default', name: 'keep-teams' });
    expect(lease.spec?.holderIdentity).toBe('');
    await own.close();
  });

  test('docs/controller.md shows the example as it is', () => {
    const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'controller.md'), 'utf8');
    const example = readFileSync(join(import.meta.dirname, 'testing', 'example.ts'), 'utf8');
    expect(page).toContain(`\`\`\`ts\n${example}\`\`\``);
  });

  test('a finalizer is put on and taken off only on the object that was read', async () => {
    const name = 'example.com/one';
    const read = await configMap('finalized', { finalizers: ['example.com/other'] });
    const held = await addFinalizer(api.admin, configMaps, read, name);
    expect(held.metadata?.finalizers).toEqual(['example.com/other', name]);
    expect(await addFinalizer(api.admin, configMaps, held, name)).toBe(held);
    // `read` is old by now.
    const stale = { ...read, metadata: { ...read.metadata, finalizers: [name] } };
    await expect(removeFinalizer(api.admin, configMaps, stale, name)).rejects.toMatchObject({
      code: 'CHR_KUBE_CONFLICT',
    });
    const freed = await removeFinalizer(api.admin, configMaps, held, name);
    expect(freed?.metadata?.finalizers).toEqual(['example.com/other']);
  });

  test('a finalizer of another object of the same name is never touched', async () => {
    const first = await configMap('reborn', { finalizers: ['example.com/one'] });
    await removeFinalizer(api.admin, configMaps, first, 'example.com/one');
    await api.admin.delete(configMaps, { namespace: 'default', name: 'reborn' });
    await configMap('reborn', { finalizers: ['example.com/one'] });
    await expect(removeFinalizer(api.admin, configMaps, first, 'example.com/one')).rejects.toMatchObject({
      code: 'CHR_KUBE_CONFLICT',
    });
  });

  test('the last finalizer of a deleted object ends it', async () => {
    const held = await configMap('ending', { finalizers: ['example.com/one'] });
    await api.admin.delete(configMaps, { namespace: 'default', name: 'ending' });
    const marked = await api.admin.get(configMaps, { namespace: 'default', name: 'ending' });
    expect(marked.metadata?.deletionTimestamp).toBeDefined();
    expect(await removeFinalizer(api.admin, configMaps, marked, 'example.com/one')).toBeUndefined();
    expect(await api.admin.find(configMaps, { namespace: 'default', name: 'ending' })).toBeUndefined();
    expect(await removeFinalizer(api.admin, configMaps, held, 'example.com/one')).toBeUndefined();
  });

  test('what happens again is one Event that counts, also after the Event was deleted', async () => {
    const object = await configMap('eventful');
    const errors: unknown[] = [];
    const recorder = eventRecorder({
      ...{ client: api.admin, component: 'multicluster-tenants', reportingInstance: 'pod-1' },
      reportingController: 'mesh.openkcm.io/multicluster-tenants',
      onError: (error) => errors.push(error),
    });
    const again = { type: 'Normal', reason: 'PhaseSet', message: 'Ready' } as const;
    // Not awaited one by one: they may not overtake one another.
    void recorder.record({ apiVersion: 'v1', kind: 'ConfigMap', ...object }, again);
    void recorder.record({ apiVersion: 'v1', kind: 'ConfigMap', ...object }, again);
    void recorder.record({ apiVersion: 'v1', kind: 'ConfigMap', ...object }, { ...again, message: 'Error' });
    await recorder.flush();
    const told = async () => {
      const list = await api.admin.list(events, {
        namespace: 'default',
        fieldSelector: 'involvedObject.name=eventful',
      });
      return list.items.toSorted((one, other) => (other.message ?? '').localeCompare(one.message ?? ''));
    };
    const [ready, error, ...rest] = await told();
    expect([errors, rest]).toEqual([[], []]);
    expect(ready).toMatchObject({
      ...{ type: 'Normal', reason: 'PhaseSet', message: 'Ready', count: 2, action: 'PhaseSet' },
      involvedObject: { kind: 'ConfigMap', name: 'eventful', uid: object.metadata?.uid },
      source: { component: 'multicluster-tenants' },
      ...{ reportingComponent: 'mesh.openkcm.io/multicluster-tenants', reportingInstance: 'pod-1' },
    });
    expect(ready?.metadata?.name).toMatch(/^eventful\.\d{19}$/);
    expect(error).toMatchObject({ message: 'Error', count: 1 });

    await api.admin.delete(events, { namespace: 'default', name: ready?.metadata?.name ?? '' });
    await recorder.record({ apiVersion: 'v1', kind: 'ConfigMap', ...object }, again);
    expect((await told()).map(({ message, count }) => [message, count])).toEqual([
      ['Ready', 3],
      ['Error', 1],
    ]);
  });

  test('an Event that may not be written is told to the log and hinders nothing', async () => {
    const nobody = clientOf(api.server.kubeconfigOfUser('bob'));
    const errors: unknown[] = [];
    const recorder = eventRecorder({
      ...{ client: nobody, component: 'c', reportingInstance: 'i' },
      onError: (error) => errors.push(error),
    });
    await recorder.record(
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' } },
      { type: 'Warning', reason: 'R', message: 'm' },
    );
    expect(errors).toMatchObject([{ code: 'CHR_KUBE_FORBIDDEN' }]);
    await nobody.close();
  });
});
