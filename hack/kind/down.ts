// Removes clusters with all that is theirs; what serves all of them goes with the last one.
import { rmSync } from 'node:fs';
import { action } from './action.ts';
import { tool } from './binaries.ts';
import { run } from './command.ts';
import { type Cluster, kindName } from './declaration.ts';
import { removeIdle } from './idle.ts';
import { inState } from './paths.ts';

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
  await removeIdle();
}
