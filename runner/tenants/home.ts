// The cluster that holds the kubeconfig Secrets: the operator's own, or another one that is named.
import { CharterError } from '../errors/index.ts';
import { clientOf, connect, type KubeClient, type RequestRecord, resources } from '../kube/index.ts';
import { accessOf } from './kubeconfig/access.ts';
import type { Settings } from './settings.ts';

/** A Secret comes before a file, a file before what kubectl would take. Throws CHR_KUBECONFIG. */
export async function connectHome(
  { watchCluster, unsafeKubeconfigs }: Settings,
  onRequest: (request: RequestRecord) => void,
): Promise<KubeClient> {
  const options = { onRequest, name: 'tenant-operator' };
  const { secret, kubeconfigFile, context } = watchCluster;
  if (secret !== undefined) {
    const own = connect({}, options);
    try {
      const { name, namespace, key } = secret;
      const data = (await own.get(resources.secrets, { name, namespace })).data?.[key];
      if (data === undefined)
        throw new CharterError(
          'CHR_KUBECONFIG',
          `Secret ${namespace}/${name} of the watch cluster has no key ${key}`,
        );
      const text = Buffer.from(data, 'base64').toString('utf8');
      return clientOf(accessOf(text, unsafeKubeconfigs, context).forClient(), options);
    } finally {
      await own.close();
    }
  }
  const chosen = context === '' ? {} : { context };
  return connect(kubeconfigFile === undefined ? chosen : { ...chosen, kubeconfig: kubeconfigFile }, options);
}
