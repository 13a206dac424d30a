// Clusters that one check declares for itself, beside those of clusters.yaml, in a file of the same kind.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type Cluster, declaredClusters } from '../kind/declaration.ts';
import { down } from '../kind/down.ts';
import { temporaryFolder } from '../kind/temporary.ts';

export interface OwnClusters {
  /** For CHARTER_CLUSTERS. */
  readonly file: string;
  readonly clusters: readonly Cluster[];
  /** Removes those that were brought up, and the file. */
  readonly remove: () => Promise<void>;
}

export function ownClusters(
  ...declared: readonly (Partial<Cluster> & Pick<Cluster, 'name' | 'role'>)[]
): OwnClusters {
  const folder = temporaryFolder('declaration');
  const file = join(folder, 'clusters.yaml');
  writeFileSync(file, stringify({ clusters: declared }));
  const clusters = declaredClusters([], file);
  return {
    ...{ file, clusters },
    remove: async () => {
      await down(clusters);
      rmSync(folder, { recursive: true });
    },
  };
}
