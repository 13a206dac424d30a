// Which cluster is meant: a kubeconfig and a context, or the ServiceAccount of the Pod this runs in. Looked for in kubectl's order.
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { CharterError } from '../errors/index.ts';
import { kubeClient } from './client.ts';
import type { ClientOptions, KubeClient } from './client-types.ts';

export interface ClusterAddress {
  /** A file. When not given: KUBECONFIG, ~/.kube/config, the ServiceAccount of the Pod, in this order. */
  readonly kubeconfig?: string | undefined;
  /** A context of the kubeconfig; its current one when not given. */
  readonly context?: string | undefined;
}

/** What is looked at besides the address; the process's own when not given. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** Where Kubernetes mounts token and CA. */
  readonly serviceAccount: string;
}

const ownSurroundings = (): Surroundings => ({
  env: process.env,
  home: homedir(),
  serviceAccount: '/var/run/secrets/kubernetes.io/serviceaccount',
});

/** A client of that cluster. Throws CHR_KUBECONFIG. Sends nothing yet. */
export function connect(address: ClusterAddress = {}, options: ClientOptions = {}): KubeClient {
  return kubeClient(loadKubeConfig(address), options);
}

/** The client package's configuration with the context chosen. Throws CHR_KUBECONFIG, never quoting what the file holds. */
export function loadKubeConfig(
  { kubeconfig, context }: ClusterAddress = {},
  surroundings: Surroundings = ownSurroundings(),
): KubeConfig {
  const files = kubeconfig === undefined ? filesOf(surroundings) : [kubeconfig];
  if (files.length === 0 && context === undefined && isInPod(surroundings)) return inPod(surroundings);
  if (files.length === 0)
    throw new CharterError('CHR_KUBECONFIG', 'no kubeconfig was given or found, and this is no Pod', {
      hint: 'Give --kubeconfig FILE (and --context NAME), or set KUBECONFIG.',
    });
  const config = merged(files);
  if (context !== undefined) choose(config, context, files);
  refuseIncomplete(config, files);
  return config;
}

function filesOf({ env, home }: Surroundings): readonly string[] {
  const named = (env.KUBECONFIG ?? '').split(delimiter).filter((file) => file !== '');
  // As kubectl: files of the list that do not exist are passed over, unless none does.
  if (named.length > 0)
    return named.some((file) => existsSync(file)) ? named.filter((file) => existsSync(file)) : named;
  const usual = join(home, '.kube', 'config');
  return existsSync(usual) ? [usual] : [];
}

function isInPod({ env, serviceAccount }: Surroundings): boolean {
  return env.KUBERNETES_SERVICE_HOST !== undefined && existsSync(join(serviceAccount, 'token'));
}

/** The client package reads the token's file again when it has been renewed. */
function inPod({ env, serviceAccount }: Surroundings): KubeConfig {
  const host = env.KUBERNETES_SERVICE_HOST ?? '';
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${env.KUBERNETES_SERVICE_PORT ?? '443'}`;
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ name: 'in-cluster', server, caFile: join(serviceAccount, 'ca.crt'), skipTLSVerify: false }],
    users: [
      {
        name: 'in-cluster',
        authProvider: { name: 'tokenFile', config: { tokenFile: join(serviceAccount, 'token') } },
      },
    ],
    contexts: [{ name: 'in-cluster', cluster: 'in-cluster', user: 'in-cluster' }],
    currentContext: 'in-cluster',
  });
  return config;
}

function merged(files: readonly string[]): KubeConfig {
  const [first = '', ...more] = files;
  const config = loaded(first);
  // The first file says which context is the current one.
  for (const file of more) config.mergeConfig(loaded(file), true);
  return config;
}

function loaded(file: string): KubeConfig {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new CharterError('CHR_KUBECONFIG', `${file} cannot be read (${why})`);
  }
  const config = new KubeConfig();
  try {
    config.loadFromString(text);
    config.makePathsAbsolute(join(file, '..'));
  } catch (cause) {
    // The parser quotes lines, and lines of a kubeconfig are secrets.
    throw new CharterError('CHR_KUBECONFIG', `${file} is no kubeconfig (${(cause as Error).name})`);
  }
  return config;
}

function choose(config: KubeConfig, context: string, files: readonly string[]): void {
  const names = (config.contexts ?? []).map(({ name }) => name);
  if (!names.includes(context))
    throw new CharterError('CHR_KUBECONFIG', `${files.join(delimiter)} has no context '${context}'`, {
      hint: names.length === 0 ? 'It has no context at all.' : `It has: ${names.join(', ')}.`,
    });
  config.setCurrentContext(context);
}

function refuseIncomplete(config: KubeConfig, files: readonly string[]): void {
  const { currentContext } = config;
  const where = files.join(delimiter);
  if (!currentContext) throw new CharterError('CHR_KUBECONFIG', `${where} has no current context`);
  const context = config.getContextObject(currentContext);
  const missing =
    context === null
      ? 'is not in it'
      : config.getCluster(context.cluster) === null
        ? `names the cluster '${context.cluster}', which is not in it`
        : config.getUser(context.user) === null
          ? `names the user '${context.user}', which is not in it`
          : undefined;
  if (missing !== undefined)
    throw new CharterError('CHR_KUBECONFIG', `${where}: the context '${currentContext}' ${missing}`);
}
