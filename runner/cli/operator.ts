// `charter operator tenants`: rolls Tenants out as Helm releases, on this cluster and on those whose kubeconfigs it finds.
import { readFileSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import type { Flags } from '../tenants/index.ts';
import { isRunning, scratchFolder } from './scratch-folder.ts';

const serviceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

export function operatorCommand(): Command {
  const operator = new Command('operator').description('Run a controller in a cluster.');
  operator.addCommand(tenantsCommand());
  return operator;
}

function tenantsCommand(): Command {
  return new Command('tenants')
    .description('Roll Tenants out as Helm releases on home and remote clusters; ends at SIGTERM or SIGINT.')
    .option('--namespace <name>', 'where kubeconfig Secrets are found (default: default)')
    .option('--kubeconfig-label <key>', 'label of those Secrets, with the value true')
    .option('--kubeconfig-key <key>', 'data key of the kubeconfig (default: kubeconfig)')
    .option('--chart-repo <url>', 'https://, http:// or oci:// (default: https://charts.jetstack.io)')
    .option('--chart-name <name>', 'chart that Tenants get (default: cert-manager)')
    .option('--chart-version <version>', 'its version (default: 1.19.1)')
    .option('--chart-install-crds [true|false]', 'adds the value installCRDs: true (default: true)')
    .option('--chart-values-file <file>', 'YAML values of that chart')
    .option(
      '--allowed-chart-repos <list>',
      'prefixes of repositories that spec.chartFrom may name (default: none)',
    )
    .option('--plain-http-registries <list>', 'hosts of OCI registries without TLS')
    .option('--watch-namespaces <list>', 'namespaces of Tenants (default: all)')
    .option('--watch-context <name>', 'context of the kubeconfig')
    .option('--ensure-watch-crds [true|false]', 'create the CRD on the watch cluster too (default: false)')
    .option('--watch-kubeconfig-secret <name>', 'Secret with the kubeconfig of the watch cluster')
    .option('--watch-kubeconfig-secret-namespace <name>', 'its namespace (default: that of --namespace)')
    .option('--watch-kubeconfig-secret-key <key>', 'its key (default: kubeconfig)')
    .option('--helm-timeout <duration>', 'for a step of Helm (default: 180s)')
    .option('--max-helm-timeout <duration>', 'the most that spec.timeouts may ask for (default: 15m)')
    .addOption(
      new Option('--remediation <what>', 'after a failed upgrade (default: rollback)').choices([
        'rollback',
        'uninstall',
        'none',
      ]),
    )
    .option('--concurrency <number>', 'calls of Helm at once on one cluster (default: 10)')
    .option('--workspace-cluster-role <name>', 'what a release may do in its workspace (default: admin)')
    .option(
      '--chart-cluster-role <name>',
      "what releases of the operator's own chart may do beyond it (default: nothing)",
    )
    .option(
      '--allow-unsafe-kubeconfigs [true|false]',
      'accept programs and file paths in kubeconfig Secrets (default: false)',
    )
    .option('--metrics-port <port>', 'default: 8080')
    .option('--health-port <port>', 'default: 8081')
    .option('--leader-election [true|false]', 'by a Lease in --namespace (default: true)')
    .option(
      '--lease-duration <duration>',
      'how long a leader may be silent before another takes over (default: 15s, at least 12s)',
    )
    .action((flags: Record<string, string | boolean>) => run(flags));
}

async function run(given: Record<string, string | boolean>): Promise<void> {
  const { runOperator, settingsOf } = await import('../tenants/index.ts');
  // A flag without a word, as `--ensure-watch-crds`, says true.
  const flags = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, String(value)]),
  ) as Flags;
  const settings = settingsOf(flags, process.env, podNamespace());
  const { pid } = process;
  const folder = scratchFolder({
    parent: tmpdir(),
    kind: 'tenant-operator',
    host: hostname(),
    pid,
    isAlive: isRunning,
  });
  // The homes of Helm's calls lie in it too.
  process.env.TMPDIR = folder;
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => stop.abort(new Error(`ended by ${signal}`)));
  try {
    await runOperator(
      {
        ...{ settings, folder, serviceAccountFolder, env: process.env },
        helmBinary: process.env.HELM ?? 'helm',
        log: (line) => process.stdout.write(`${new Date().toISOString()} ${line}\n`),
      },
      stop.signal,
    );
  } catch (error) {
    if (stop.signal.aborted) return;
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function podNamespace(): string | undefined {
  try {
    return readFileSync(join(serviceAccountFolder, 'namespace'), 'utf8').trim();
  } catch {
    return undefined;
  }
}
