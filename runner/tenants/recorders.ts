// One recorder of events for each engaged cluster, for as long as it is engaged: its clients end with it.
import type { EventRecorder } from '../controller/index.ts';
import type { EngagedCluster } from './cluster/engaged.ts';

export interface Recorders {
  readonly of: (cluster: EngagedCluster) => EventRecorder;
  /** The cluster of this name is left; one that takes its name has a recorder of its own. */
  readonly leave: (name: string) => void;
  /** Resolves when all that was told is written, or given up. */
  readonly flush: () => Promise<void>;
}

export function recorders(make: (cluster: EngagedCluster) => EventRecorder): Recorders {
  const all = new Map<EngagedCluster, EventRecorder>();
  return {
    of: (cluster) => {
      const known = all.get(cluster);
      if (known !== undefined) return known;
      const made = make(cluster);
      all.set(cluster, made);
      return made;
    },
    leave: (name) => {
      for (const cluster of all.keys()) if (cluster.name === name) all.delete(cluster);
    },
    flush: async () => void (await Promise.all([...all.values()].map((one) => one.flush()))),
  };
}
