// Keeps the Secret `self-cluster`: made at the start, left alone where somebody's own is there.
import { existsSync, readFileSync } from 'node:fs';
import { type KubeClient, resources, type Secret } from '../kube/index.ts';
import { ownCluster } from './cluster/engaged.ts';
import { parseKubeconfig } from './kubeconfig/kubeconfig.ts';
import { selfKubeconfig } from './kubeconfig/self-cluster.ts';
import { partOf, selfCluster } from './names.ts';
import type { Settings } from './settings.ts';
import { group } from './tenant.ts';

/** On the Secret: what stands in it names the cluster, and the operator uses the ServiceAccount of its Pod, whose token changes. */
export const credentialsAnnotation = `${group}/credentials`;
export const fromPod = 'pod';

export interface SelfSecretOptions {
  readonly client: KubeClient;
  readonly settings: Settings;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where Kubernetes mounts token and CA. */
  readonly serviceAccountFolder: string;
  readonly log: (line: string) => void;
}

/** Never rejects: without this Secret other clusters still work. */
export async function keepSelfSecret(options: SelfSecretOptions): Promise<void> {
  try {
    await keep(options);
  } catch (error) {
    options.log(`Secret ${selfCluster} could not be kept: ${error instanceof Error ? error.message : error}`);
  }
}

async function keep({ client, settings, env, serviceAccountFolder, log }: SelfSecretOptions): Promise<void> {
  const ref = { namespace: settings.namespace, name: selfCluster };
  const present = await client.find(resources.secrets, ref);
  const data = present?.data?.[settings.kubeconfigKey];
  if (data !== undefined && parseKubeconfig(Buffer.from(data, 'base64').toString('utf8')) !== undefined)
    return;
  const made = selfKubeconfig({
    env,
    readFile: (path) => (existsSync(path) ? readFileSync(path) : undefined),
    inCluster: ownCluster(env, serviceAccountFolder),
  });
  if (made === undefined)
    return log(`Secret ${selfCluster} is not made: neither a kubeconfig nor a ServiceAccount is here`);
  for (const note of made.notes) log(note);
  const content = { [settings.kubeconfigKey]: Buffer.from(made.text).toString('base64') };
  const annotations = made.origin === 'process' ? { [credentialsAnnotation]: fromPod } : {};
  if (present !== undefined) {
    // Labels are its owner's.
    await client.patch(resources.secrets, ref, {
      type: 'merge',
      body: { metadata: { annotations }, data: content },
    });
    return;
  }
  const secret: Secret = {
    metadata: { ...ref, annotations, labels: { ...partOf, [settings.kubeconfigLabel]: 'true' } },
    type: 'Opaque',
    data: content,
  };
  await client.create(resources.secrets, secret);
}
