// Sweeping by address: connects, deletes what killed worlds left, disconnects.
import { type ClusterAddress, connect } from '../../kube/index.ts';
import { sweepWorlds } from '../world/sweep.ts';

/** Names of the deleted namespaces. Throws CHR_KUBECONFIG and KubeApiError. */
export async function sweepCluster(
  address: ClusterAddress,
  which: Parameters<typeof sweepWorlds>[1],
): Promise<readonly string[]> {
  const client = connect(address);
  try {
    return await sweepWorlds(client, which);
  } finally {
    await client.close();
  }
}
