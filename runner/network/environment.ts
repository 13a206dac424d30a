// The environment that a run of the catalogue is about. Two clusters are two platforms: what one enforces says nothing of the other.
import { CharterError } from '../errors/index.ts';
import { type ClusterAddress, loadKubeConfig } from '../kube/index.ts';

const ofPod = 'network';

/** `network/` and the context, or `network` in a Pod, and where no kubeconfig can be read: then each step says so itself. */
export function networkEnvironment(cluster: ClusterAddress): string {
  try {
    const config = loadKubeConfig(cluster);
    const context = config.getCurrentContext();
    return config.getContextObject(context)?.user === 'in-cluster' ? ofPod : `network/${context}`;
  } catch (error) {
    if (!(error instanceof CharterError)) throw error;
    return ofPod;
  }
}
