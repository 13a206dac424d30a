// Sweeping by address: connects, deletes what killed worlds left, disconnects.
import { type ClusterAddress, connect } from '../../kube/index.ts';
import { type Sweep, type Swept, sweepWorlds } from '../world/sweep.ts';

/** Throws CHR_KUBECONFIG and KubeApiError. */
export async function sweepCluster(address: ClusterAddress, which: Sweep): Promise<Swept> {
  const client = connect(address);
  try {
    return await sweepWorlds(client, which);
  } finally {
    await client.close();
  }
}
