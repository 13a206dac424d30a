// A kubeconfig as data: read, and reduced to what one cluster needs.
import { parse } from 'yaml';

type Text = string | undefined;

export interface KubeconfigUser {
  token?: Text;
  tokenFile?: Text;
  'client-certificate'?: Text;
  'client-certificate-data'?: Text;
  'client-key'?: Text;
  'client-key-data'?: Text;
  exec?: unknown;
  'auth-provider'?: unknown;
  [other: string]: unknown;
}

export interface KubeconfigCluster {
  server?: Text;
  'certificate-authority'?: Text;
  'certificate-authority-data'?: Text;
  [other: string]: unknown;
}

export interface Kubeconfig {
  apiVersion: 'v1';
  kind: 'Config';
  clusters: { name: string; cluster: KubeconfigCluster }[];
  users: { name: string; user: KubeconfigUser }[];
  contexts: { name: string; context: { cluster: string; user: string; namespace?: string } }[];
  'current-context'?: string;
}

/** Undefined when the text is no kubeconfig with at least one cluster. */
export function parseKubeconfig(text: string): Kubeconfig | undefined {
  let raw: unknown;
  try {
    // Its warnings quote the text.
    raw = parse(text, { logLevel: 'error' });
  } catch {
    return undefined;
  }
  if (raw === null || typeof raw !== 'object') return undefined;
  const { clusters, users, contexts, 'current-context': current } = raw as Partial<Kubeconfig>;
  if (!Array.isArray(clusters) || clusters.length === 0) return undefined;
  if (!Array.isArray(contexts)) return undefined;
  const named = (one: unknown) => typeof (one as { name?: unknown } | null)?.name === 'string';
  if (![clusters, contexts, users ?? []].every((list) => Array.isArray(list) && list.every(named)))
    return undefined;
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: clusters.map(({ name, cluster }) => ({ name, cluster: cluster ?? {} })),
    users: (users ?? []).map(({ name, user }) => ({ name, user: user ?? {} })),
    contexts: contexts.map(({ name, context }) => ({ name, context: context ?? { cluster: '', user: '' } })),
    ...(typeof current === 'string' && current !== '' ? { 'current-context': current } : {}),
  };
}

/** Only the current context, its cluster and its user. Without a current context the first by name, so that every start picks the same. */
export function reduce(config: Kubeconfig): Kubeconfig | undefined {
  const current = config['current-context'] ?? config.contexts.map(({ name }) => name).toSorted()[0];
  const context = config.contexts.find(({ name }) => name === current);
  const cluster = config.clusters.find(({ name }) => name === context?.context.cluster);
  const user = config.users.find(({ name }) => name === context?.context.user);
  if (context === undefined || cluster === undefined) return undefined;
  return {
    ...config,
    contexts: [context],
    clusters: [cluster],
    users: user === undefined ? [] : [user],
    'current-context': context.name,
  };
}

/** Why a reduced kubeconfig cannot be used to log in, or undefined. */
export function invalid(config: Kubeconfig): string | undefined {
  const context = config.contexts.find(({ name }) => name === config['current-context']);
  if (context === undefined) return 'its current-context does not exist';
  const cluster = config.clusters.find(({ name }) => name === context.context.cluster);
  if (!cluster?.cluster.server) return 'its cluster has no server';
  const user = config.users.find(({ name }) => name === context.context.user);
  if (user === undefined) return 'its user does not exist';
  if (!user.user.token && !user.user['client-certificate-data'])
    return 'its user has neither a token nor client certificate data';
  return undefined;
}

/** With the content of certificate and key files in it, base64, where the data is not there already. Unreadable files stay as paths. */
export function inline(config: Kubeconfig, readFile: (path: string) => Buffer | undefined): Kubeconfig {
  const filled = <T extends KubeconfigUser | KubeconfigCluster>(part: T, keys: readonly string[]): T => {
    const result: Record<string, unknown> = { ...part };
    for (const key of keys) {
      const path = result[key];
      if (typeof path !== 'string' || path === '') continue;
      const content = result[`${key}-data`] ? undefined : readFile(path);
      if (content !== undefined) result[`${key}-data`] = content.toString('base64');
      if (result[`${key}-data`]) delete result[key];
    }
    return result as T;
  };
  return {
    ...config,
    clusters: config.clusters.map(({ name, cluster }) => ({
      name,
      cluster: filled(cluster, ['certificate-authority']),
    })),
    users: config.users.map(({ name, user }) => ({
      name,
      user: filled(user, ['client-certificate', 'client-key']),
    })),
  };
}
