// What the operator was told by flags and environment, and which of the two wins where both speak.
import { repoWithoutPassword } from './chart/source.ts';
import { parseDuration } from './duration.ts';
import { politeMs } from './helm/process.ts';
import type { Remediation } from './tenant.ts';

/** Flags as they were given; what was not given is absent. */
export interface Flags {
  readonly namespace?: string;
  readonly kubeconfigLabel?: string;
  readonly kubeconfigKey?: string;
  readonly chartRepo?: string;
  readonly chartName?: string;
  readonly chartVersion?: string;
  readonly chartInstallCrds?: string;
  readonly chartValuesFile?: string;
  readonly allowedChartRepos?: string;
  readonly plainHttpRegistries?: string;
  readonly watchNamespaces?: string;
  readonly watchContext?: string;
  readonly ensureWatchCrds?: string;
  readonly watchKubeconfigSecret?: string;
  readonly watchKubeconfigSecretNamespace?: string;
  readonly watchKubeconfigSecretKey?: string;
  readonly helmTimeout?: string;
  readonly maxHelmTimeout?: string;
  readonly remediation?: Remediation;
  readonly concurrency?: string;
  readonly workspaceClusterRole?: string;
  readonly chartClusterRole?: string;
  readonly allowUnsafeKubeconfigs?: string;
  readonly metricsPort?: string;
  readonly healthPort?: string;
  readonly leaderElection?: string;
  readonly leaseDuration?: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Settings {
  /** Where kubeconfig Secrets are found; the operator's Lease lies there too. */
  readonly namespace: string;
  /** That one, and those in which the operator's own Pod may be: nobody rolls out there. */
  readonly ownNamespaces: readonly string[];
  readonly kubeconfigLabel: string;
  readonly kubeconfigKey: string;
  readonly chart: { readonly repo: string; readonly name: string; readonly version: string };
  readonly chartInstallCrds: 'yes' | 'no';
  readonly chartValuesFile: string | undefined;
  /** Prefixes of repositories that a Tenant may name itself; none by default. */
  readonly allowedChartRepos: readonly string[];
  /** Hosts of OCI registries that are spoken to without TLS. */
  readonly plainHttpRegistries: readonly string[];
  /** Empty: all. */
  readonly watchNamespaces: readonly string[];
  readonly watchCluster: {
    readonly context: string;
    readonly crds: 'ensure' | 'leave';
    readonly secret: { readonly name: string; readonly namespace: string; readonly key: string } | undefined;
    readonly kubeconfigFile: string | undefined;
  };
  readonly checkIntervalMs: number;
  readonly helmTimeoutMs: number;
  /** The most that a Tenant may ask for; at least `helmTimeoutMs`. */
  readonly maxHelmTimeoutMs: number;
  readonly remediation: Remediation;
  /** Calls of Helm at once on one cluster; uninstalls have some more. */
  readonly concurrency: number;
  /** ClusterRole that the release's ServiceAccount is bound to inside its workspace. */
  readonly workspaceClusterRole: string;
  /** ClusterRole that releases of the operator's own chart have in the whole cluster; none when empty. */
  readonly chartClusterRole: string;
  readonly unsafeKubeconfigs: 'refuse' | 'allow';
  readonly chartProblems: 'hide-while-ready' | 'show';
  readonly metricsPort: number;
  readonly healthPort: number;
  readonly leaderElection: 'lease' | 'none';
  /** How long another operator waits after the last sign of the leader; at least `leastLeaseMs`. */
  readonly leaseDurationMs: number;
  /** What was asked for and is overruled, as lines for the log. */
  readonly overruled: readonly string[];
}

export const defaultCheckIntervalMs = 60_000;

/** Its last third is for stopping (see leadershipOf): Helm has ended, and a second has passed, before another operator may begin. */
export const leastLeaseMs = 3 * (politeMs + 1_000);

/** `serviceAccountNamespace`: content of the Pod's own namespace file, where there is one. */
export function settingsOf(
  flags: Flags,
  env: Environment,
  serviceAccountNamespace: string | undefined,
): Settings {
  const namespaceSources = [
    ['WATCH_NAMESPACE', env.WATCH_NAMESPACE],
    ['POD_NAMESPACE', env.POD_NAMESPACE],
    ["the ServiceAccount's namespace", serviceAccountNamespace],
    ['--namespace', flags.namespace],
  ] as const;
  const [namespaceSource, namespace] = namespaceSources.find(([, value]) => given(value)) ?? ['', 'default'];
  const secretName = env.WATCH_KUBECONFIG_SECRET || flags.watchKubeconfigSecret || '';
  const own = [namespace ?? 'default', env.POD_NAMESPACE, serviceAccountNamespace];
  const leaseDurationMs = positive(flags.leaseDuration, 15_000);
  const helmTimeoutMs = positive(flags.helmTimeout, 180_000);
  const maxHelmTimeoutMs = positive(flags.maxHelmTimeout, 900_000);
  return {
    namespace: namespace ?? 'default',
    ownNamespaces: [...new Set(own.filter(given))],
    kubeconfigLabel: flags.kubeconfigLabel ?? 'sigs.k8s.io/multicluster-runtime-kubeconfig',
    kubeconfigKey: flags.kubeconfigKey ?? 'kubeconfig',
    chart: {
      repo: repoWithoutPassword(flags.chartRepo ?? 'https://charts.jetstack.io', '--chart-repo'),
      name: flags.chartName ?? 'cert-manager',
      version: flags.chartVersion ?? '1.19.1',
    },
    chartInstallCrds: saysYes(flags.chartInstallCrds ?? 'true') ? 'yes' : 'no',
    chartValuesFile: flags.chartValuesFile || undefined,
    allowedChartRepos: list(flags.allowedChartRepos).map((repo) =>
      repoWithoutPassword(repo, '--allowed-chart-repos'),
    ),
    plainHttpRegistries: list(flags.plainHttpRegistries),
    watchNamespaces: list(env.WATCH_NAMESPACES || flags.watchNamespaces).filter((name) => name !== '*'),
    watchCluster: {
      context: env.WATCH_CONTEXT || flags.watchContext || '',
      crds: saysYes(env.ENSURE_WATCH_CRDS ?? flags.ensureWatchCrds) ? 'ensure' : 'leave',
      secret:
        secretName === ''
          ? undefined
          : {
              name: secretName,
              namespace:
                env.WATCH_KUBECONFIG_SECRET_NAMESPACE ||
                flags.watchKubeconfigSecretNamespace ||
                (namespace ?? 'default'),
              key: env.WATCH_KUBECONFIG_SECRET_KEY || flags.watchKubeconfigSecretKey || 'kubeconfig',
            },
      kubeconfigFile: env.WATCH_KUBECONFIG || env.WATCH_CLUSTER_KUBECONFIG || undefined,
    },
    checkIntervalMs: positive(env.KRYPTON_CHECK_INTERVAL, defaultCheckIntervalMs),
    helmTimeoutMs,
    maxHelmTimeoutMs: Math.max(maxHelmTimeoutMs, helmTimeoutMs),
    remediation: flags.remediation ?? 'rollback',
    concurrency: count(flags.concurrency, 10),
    workspaceClusterRole: flags.workspaceClusterRole || 'admin',
    chartClusterRole: flags.chartClusterRole ?? '',
    unsafeKubeconfigs: saysYes(flags.allowUnsafeKubeconfigs) ? 'allow' : 'refuse',
    // Only this one word counts, as operators have it in their manifests.
    chartProblems: env.ALLOW_CHART_SKIP === 'true' ? 'hide-while-ready' : 'show',
    metricsPort: count(flags.metricsPort, 8080),
    healthPort: count(flags.healthPort, 8081),
    leaderElection: saysYes(flags.leaderElection ?? 'true') ? 'lease' : 'none',
    leaseDurationMs: Math.max(leaseDurationMs, leastLeaseMs),
    overruled: [
      given(flags.namespace) && namespaceSource !== '--namespace'
        ? [`--namespace ${flags.namespace} is overruled by ${namespaceSource}: ${namespace}`]
        : [],
      leaseDurationMs < leastLeaseMs
        ? [`--lease-duration ${flags.leaseDuration} is too short for Helm to end: ${leastLeaseMs / 1000} s`]
        : [],
      given(flags.maxHelmTimeout) && maxHelmTimeoutMs < helmTimeoutMs
        ? [
            `--max-helm-timeout ${flags.maxHelmTimeout} is overruled by --helm-timeout: ${helmTimeoutMs / 1000} s`,
          ]
        : [],
    ].flat(),
  };
}

function given(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== '';
}

function list(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

function saysYes(text: string | undefined): boolean {
  return text !== undefined && ['true', '1', 'yes'].includes(text);
}

function positive(text: string | undefined, fallback: number): number {
  const ms = text === undefined ? undefined : parseDuration(text);
  return ms === undefined || ms <= 0 ? fallback : ms;
}

function count(text: string | undefined, fallback: number): number {
  const value = Number(text);
  return text === undefined || !Number.isInteger(value) || value < 0 ? fallback : value;
}
