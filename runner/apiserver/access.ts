// How a Pod reaches the API server: address from the environment, token, CA and namespace from its ServiceAccount mount.
import { readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';

export interface ApiServerAccess {
  /** Origin, e.g. `https://10.96.0.1:443`. */
  readonly url: string;
  readonly namespace: string;
  /** PEM; the API server's certificate is checked against nothing else. */
  readonly ca: string;
  /** Read at each call: the kubelet renews projected tokens while the Pod runs. */
  readonly token: () => string;
}

/** Either the access, or why there is none, as a reason to skip. */
export type InCluster = { readonly access: ApiServerAccess } | { readonly reason: string };

export interface InClusterEdges {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly directory?: string;
}

const mount = '/var/run/secrets/kubernetes.io/serviceaccount';

/** CHARTER_SERVICEACCOUNT names another folder than the one where the kubelet mounts by itself. */
export function inClusterAccess({ env = process.env, ...edges }: InClusterEdges = {}): InCluster {
  const directory = edges.directory ?? env.CHARTER_SERVICEACCOUNT ?? mount;
  const host = env.KUBERNETES_SERVICE_HOST;
  if (host === undefined || host === '')
    return { reason: 'not in a Pod (KUBERNETES_SERVICE_HOST is not set)' };
  const port = env.KUBERNETES_SERVICE_PORT_HTTPS ?? env.KUBERNETES_SERVICE_PORT ?? '443';
  const read = (name: string) => readFileSync(join(directory, name), 'utf8').trim();
  try {
    const access = {
      url: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
      namespace: read('namespace'),
      ca: read('ca.crt'),
      token: () => read('token'),
    };
    access.token();
    return { access };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { reason: `no ServiceAccount token: ${directory} cannot be read (${code ?? 'unknown'})` };
  }
}
