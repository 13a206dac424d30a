// A cluster's network in one call: connects, reads, judges, disconnects.
import { type ClusterAddress, connect } from '../../kube/index.ts';
import { clusterFacts } from './cluster-facts.ts';
import { detectNetwork } from './detect.ts';
import type { Detection } from './facts.ts';

/** Throws CHR_KUBECONFIG, and the KubeApiError of a list that fails. */
export async function readDetection(address: ClusterAddress): Promise<Detection> {
  const client = connect(address);
  try {
    return detectNetwork(await clusterFacts(client));
  } finally {
    await client.close();
  }
}
