// Removes clusters with all that is theirs; the network goes with the last one.
import { rmSync } from 'node:fs';
import { action } from './action.ts';
import { tool } from './binaries.ts';
import { attempt, run } from './command.ts';
import { type Cluster, kindName } from './declaration.ts';
import { inState } from './paths.ts';
import { network } from './up.ts';

export async function down(clusters: readonly Cluster[]): Promise<void> {
  const kind = await tool('kind');
  const there = (await run([kind, 'get', 'clusters'])).split('\n');
  const gone = clusters.filter(({ name }) => there.includes(kindName(name)));
  await Promise.all(
    gone.map(({ name }) =>
      action(`delete cluster ${name}`, () =>
        run([
          kind,
          'delete',
          'cluster',
          '--name',
          kindName(name),
          '--kubeconfig',
          inState('unused.kubeconfig'),
        ]),
      ),
    ),
  );
  for (const { name } of clusters)
    for (const kubeconfig of [`${name}.kubeconfig`, `${name}.internal.kubeconfig`])
      rmSync(inState(kubeconfig), { force: true });
  await attempt(['docker', 'network', 'rm', network]);
}
