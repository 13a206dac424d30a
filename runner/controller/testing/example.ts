// Keeps a ConfigMap `team` in every namespace that carries the label `team`.

import { informer, type KubeClient, resources } from '../../kube/index.ts';
import { addFinalizer, controller, fenced, informerSource, leadership, removeFinalizer } from '../index.ts';

const finalizer = 'example.charter-runner/team';

export async function keepTeams(client: KubeClient, identity: string, signal: AbortSignal) {
  const lease = leadership({ namespace: 'default', name: 'keep-teams', identity }, { client });
  const writer = fenced(client, lease);
  const namespaces = informer({ client, resource: resources.namespaces, labelSelector: 'team' });
  const configMaps = informer({ client, resource: resources.configMaps, labelSelector: 'kept=team' });

  const teams = controller({
    name: 'keep-teams',
    concurrency: 4,
    sources: [
      informerSource({ informer: namespaces }),
      // Whoever deletes or changes what is kept calls the reconcile of its namespace.
      informerSource({ informer: configMaps, keysOf: ({ object }) => [object.metadata?.namespace ?? ''] }),
    ],
    reconcile: async (name) => {
      const namespace = namespaces.store.get(name);
      if (namespace === undefined) return undefined;
      if (namespace.metadata?.deletionTimestamp !== undefined) {
        await removeFinalizer(writer, resources.namespaces, namespace, finalizer);
        return undefined;
      }
      const held = await addFinalizer(writer, resources.namespaces, namespace, finalizer);
      // It was written: that change calls again, with caches that know it.
      if (held !== namespace) return undefined;
      const data = { team: namespace.metadata?.labels?.team ?? '' };
      if (configMaps.store.get(`${name}/team`)?.data?.team === data.team) return undefined;
      const body = { metadata: { name: 'team', labels: { kept: 'team' } }, data };
      const patch = { type: 'apply', body, conflicts: 'force' } as const;
      await writer.patch(resources.configMaps, { namespace: name, name: 'team' }, patch);
      return undefined;
    },
  });
  teams.warm();
  return lease.lead(async (leading) => void (await teams.run(leading)), signal);
}
