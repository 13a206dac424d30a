// What the `self-cluster` Secret should hold: the cluster of the operator itself, as a kubeconfig. In a Pod it only names the cluster: the token of
// the Pod is as mighty as the operator, changes, and ends with the Pod.
import { isAbsolute, join } from 'node:path';
import { stringify } from 'yaml';
import { inline, invalid, type Kubeconfig, parseKubeconfig, reduce } from './kubeconfig.ts';

export interface ProcessAccess {
  readonly server: string;
  /** PEM; undefined: the system's authorities. */
  readonly ca: string | undefined;
}

export interface SelfSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Undefined when it cannot be read. */
  readonly readFile: (path: string) => Buffer | undefined;
  /** How this process reaches its own cluster, where it runs in one. */
  readonly inCluster: ProcessAccess | undefined;
}

export interface SelfKubeconfig {
  readonly text: string;
  /** `process`: made from what the Pod knows of its cluster, without a token. */
  readonly origin: 'file' | 'whole file' | 'process';
  readonly notes: readonly string[];
}

/** Undefined when neither a file nor a Pod's ServiceAccount is there. */
export function selfKubeconfig({ env, readFile, inCluster }: SelfSources): SelfKubeconfig | undefined {
  for (const path of candidates(env)) {
    const content = readFile(path);
    const parsed = content === undefined ? undefined : parseKubeconfig(content.toString('utf8'));
    if (parsed === undefined) continue;
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    const whole = inline(parsed, (file) => readFile(isAbsolute(file) ? file : join(folder, file)));
    const reduced = reduce(whole);
    const problem = reduced === undefined ? 'its current-context does not exist' : invalid(reduced);
    if (reduced !== undefined && problem === undefined)
      return { text: stringify(reduced), origin: 'file', notes: [] };
    return {
      text: stringify(whole),
      origin: 'whole file',
      notes: [`[self-kubeconfig] fallback to full file kubeconfig ${path}: ${problem}`],
    };
  }
  if (inCluster === undefined) return undefined;
  return { text: stringify(synthesize(inCluster)), origin: 'process', notes: [] };
}

/** Only the first path of KUBECONFIG counts, then the one below HOME. */
export function candidates(env: Readonly<Record<string, string | undefined>>): string[] {
  const { KUBECONFIG: list, HOME: home } = env;
  const first = list?.split(':')[0];
  return [first ?? '', home ? `${home}/.kube/config` : ''].filter((path) => path !== '');
}

function synthesize({ server, ca }: ProcessAccess): Kubeconfig {
  const data = ca === undefined ? {} : { 'certificate-authority-data': Buffer.from(ca).toString('base64') };
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'self', cluster: { server, ...data } }],
    users: [{ name: 'self', user: {} }],
    contexts: [{ name: 'self', context: { cluster: 'self', user: 'self' } }],
    'current-context': 'self',
  };
}
