// Sweeping by address: connects, deletes what killed worlds left, disconnects.
import { type ClusterAddress, connect } from '../../kube/index.ts';
import { type Sweep, type Swept, sweepWorlds } from '../world/sweep.ts';

/** Throws CHR_KUBECONFIG and KubeApiError. `withinMs`: as of `sweepWorlds`. */
export async function sweepCluster(address: ClusterAddress, which: Sweep, withinMs?: number): Promise<Swept> {
  const client = connect(address);
  try {
    return await sweepWorlds(client, which, withinMs);
  } finally {
    await client.close();
  }
}
