// Removes clusters with all that is theirs; what serves all of them goes with the last one.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { action } from './action.ts';
import { tool } from './binaries.ts';
import { run } from './command.ts';
import { type Cluster, kindName } from './declaration.ts';
import { removeIdle } from './idle.ts';
import { inState } from './paths.ts';
import { temporaryFolder } from './temporary.ts';

export async function down(clusters: readonly Cluster[]): Promise<void> {
  const kind = await tool('kind');
  const there = (await run([kind, 'get', 'clusters'])).split('\n');
  const gone = clusters.filter(({ name }) => there.includes(kindName(name)));
  // kind locks the kubeconfig that it would clean: one for each, and none that a kill leaves locked.
  const folder = temporaryFolder('down');
  const deleting = gone.map(({ name }) =>
    action(`delete cluster ${name}`, () =>
      run([kind, 'delete', 'cluster', '--name', kindName(name), '--kubeconfig', join(folder, name)]),
    ),
  );
  await Promise.all(deleting).finally(() => rmSync(folder, { recursive: true, force: true }));
  for (const { name } of clusters)
    for (const kubeconfig of [`${name}.kubeconfig`, `${name}.internal.kubeconfig`])
      rmSync(inState(kubeconfig), { force: true });
  await removeIdle();
}
