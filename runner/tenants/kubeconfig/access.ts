// How one cluster is reached: as two kubeconfigs, one for our client and one for Helm, each as the operator itself or as a workspace's ServiceAccount.
import { stringify } from 'yaml';
import { CharterError } from '../../errors/index.ts';
import { type Kubeconfig, type KubeconfigUser, parseKubeconfig, reduce } from './kubeconfig.ts';
import { onlyKnown, refusedParts, type Unsafe } from './parts.ts';

export interface ClusterAccess {
  /** For runner/kube. `as`: a user name to impersonate. */
  readonly forClient: (as?: string) => string;
  /** For the helm CLI. `group`: one to impersonate beside the user. */
  readonly forHelm: (as: string, group?: string) => string;
}

/** Of its current context unless another is named. Throws CHR_KUBECONFIG with what is wrong, never with what stands in it. */
export function accessOf(text: string, unsafe: Unsafe, context = ''): ClusterAccess {
  const parsed = parseKubeconfig(text);
  const chosen = parsed === undefined || context === '' ? parsed : { ...parsed, 'current-context': context };
  const reduced = chosen === undefined ? undefined : reduce(chosen);
  if (reduced === undefined)
    throw new CharterError('CHR_KUBECONFIG', 'it holds no current context with a cluster');
  const problems = refusedParts(reduced, unsafe);
  if (problems.length > 0)
    throw new CharterError('CHR_KUBECONFIG', `${problems.join(', ')}, which the operator does not follow`, {
      hint: 'Put tokens and certificates into the Secret itself, without merges (<<); --allow-unsafe-kubeconfigs true accepts programs and paths, nothing else.',
    });
  const config = onlyKnown(reduced, unsafe);
  return {
    forClient: (as) => written(config, {}, as),
    forHelm: (as, group) => written(config, {}, as, group),
  };
}

/** The Pod's own cluster: the kubeconfigs name the files of its ServiceAccount, so that a renewed token is used at once. */
export function accessInCluster(server: string, folder: string): ClusterAccess {
  const tokenFile = `${folder}/token`;
  const config: Kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'self', cluster: { server, 'certificate-authority': `${folder}/ca.crt` } }],
    users: [{ name: 'self', user: {} }],
    contexts: [{ name: 'self', context: { cluster: 'self', user: 'self' } }],
    'current-context': 'self',
  };
  // The client package reads a token's file again only through what it calls an auth provider; client-go has a field for it.
  const provider = { 'auth-provider': { name: 'tokenFile', config: { tokenFile } } };
  return {
    forClient: (as) => written(config, provider, as),
    forHelm: (as, group) => written(config, { tokenFile }, as, group),
  };
}

function written(config: Kubeconfig, more: KubeconfigUser, as?: string, group?: string): string {
  const whom = { ...(as && { as }), ...(group && { 'as-groups': [group] }) };
  const users = config.users.map(({ name, user }) => ({ name, user: { ...user, ...more, ...whom } }));
  // Quoted, since Helm reads an older YAML, to which `yes` and `1_000` are no texts.
  return stringify({ ...config, users }, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' });
}
