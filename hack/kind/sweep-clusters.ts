// Clusters whose making a killed harness did not live to end. Its temp folder tells which: what only looks half-made, or is called as
// ours are, may be somebody's.
import { kindName } from './declaration.ts';
import { listed, nodeLabel, removed } from './idle.ts';
import { type TemporaryFolder, temporaryFolders } from './temporary.ts';
import { isWhole } from './up.ts';

const making = /^up-(.+)$/;

/** Name of the cluster that the folder was made for, as clusters.yaml has it; undefined for a folder of something else. */
const clusterOf = ({ purpose }: TemporaryFolder): string | undefined => making.exec(purpose)?.[1];

/** Names of clusters that a harness makes now, or that a dead one was making. */
export function inTheMaking(maker: TemporaryFolder['maker']): ReadonlySet<string> {
  return new Set(
    temporaryFolders()
      .filter((folder) => folder.maker === maker)
      .flatMap((folder) => clusterOf(folder) ?? []),
  );
}

/** Removes the nodes of these clusters, and gives one line for each. Those stay that are whole, or in the making again. */
export async function sweepClusters(unfinished: ReadonlySet<string>): Promise<readonly string[]> {
  const format = `{{.ID}} {{.Label "${nodeLabel}"}} {{.Names}}`;
  const rows = await listed(['ps', '-a', '--filter', `label=${nodeLabel}`, '--format', format]);
  const nodes = rows.map((row) => row.split(' '));
  // In this order: whoever ended a making after the nodes were listed has called the cluster whole before it left the folder.
  const living = inTheMaking('living');
  const left: { readonly id: string; readonly line: string }[] = [];
  for (const name of unfinished) {
    if (living.has(name)) continue;
    const ofIt = nodes.filter(([, cluster]) => cluster === kindName(name));
    if (ofIt.length === 0 || (await isWhole(name))) continue;
    for (const [id = '', cluster, node] of ofIt)
      left.push({ id, line: `container ${node} of cluster ${cluster}` });
  }
  await removed(
    'container',
    left.map(({ id }) => id),
  );
  return left.map(({ line }) => line);
}
