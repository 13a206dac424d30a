// The Secret by which the operator finds a remote cluster.
import type { Thing } from '../../suites/tenants/world.ts';

export const clusterLabel = 'sigs.k8s.io/multicluster-runtime-kubeconfig';

/** Its name becomes the name of the cluster. */
export function remoteSecret(name: string, namespace: string, kubeconfig: string): Thing {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels: { [clusterLabel]: 'true' } },
    // As the API server gives it back.
    data: { kubeconfig: Buffer.from(kubeconfig).toString('base64') },
  };
}
