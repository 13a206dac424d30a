// Flags that say which cluster is meant, and where explain, matrix and lint read policies and Pods from.
import { type Command, InvalidArgumentError } from 'commander';
import { CharterError } from '../errors/index.ts';
import { type NetworkState, type PortQuery, readCluster, readManifests } from '../network/index.ts';
import { exitCodes } from './exit-codes.ts';
import { printError } from './print-error.ts';

export interface StateFlags {
  readonly file?: readonly string[];
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
}

/** Of commands that have no other source than a cluster. */
export function withClusterFlags(command: Command): Command {
  return command
    .option('--kubeconfig <file>', 'the cluster; KUBECONFIG or the Pod’s ServiceAccount when not given')
    .option('--context <name>', 'a context of the kubeconfig');
}

export function withStateFlags(command: Command): Command {
  return command
    .option('-f, --file <path...>', 'manifests: files or folders; no cluster is asked')
    .option(
      '--kubeconfig <file>',
      'the cluster to read; KUBECONFIG or the Pod’s ServiceAccount when not given',
    )
    .option('--context <name>', 'a context of the kubeconfig')
    .option('-n, --namespace <name>', 'of manifests that name none (default: default)');
}

export async function stateOf({ file, kubeconfig, context, namespace }: StateFlags): Promise<NetworkState> {
  if (file === undefined) return readCluster({ kubeconfig, context });
  if (kubeconfig !== undefined || context !== undefined)
    throw new CharterError('CHR_USAGE', 'Either --file or --kubeconfig and --context, not both.');
  return readManifests(file, namespace === undefined ? {} : { namespace });
}

const protocols = ['TCP', 'UDP', 'SCTP'] as const;

/** `443`, `https`, `53/UDP`. */
export function portOf(text: string): PortQuery {
  const [name = '', given = 'TCP', ...rest] = text.split('/');
  const protocol = protocols.find((one) => one === given.toUpperCase());
  if (protocol === undefined || rest.length > 0)
    throw new InvalidArgumentError(`'${text}' is no port such as 443, https or 53/UDP.`);
  if (!/^\d+$/.test(name)) return { port: nameOf(name), protocol };
  const port = Number(name);
  if (port < 1 || port > 65_535) throw new InvalidArgumentError(`${name} is not between 1 and 65535.`);
  return { port, protocol };
}

function nameOf(name: string): string {
  if (!/^[a-z0-9-]{1,15}$/i.test(name)) throw new InvalidArgumentError(`'${name}' is no port.`);
  return name;
}

/** What could not be read ends with 4, never with a verdict: nothing is concluded from a refused read. */
export async function endingWith(act: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await act();
  } catch (error) {
    printError(error);
    process.exitCode = exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  if (!(error instanceof CharterError)) return exitCodes.usage;
  if (error.code === 'CHR_REPORT_UNWRITABLE') return exitCodes.unwritten;
  return /^CHR_(KUBE_|WORLD$)/.test(error.code) ? exitCodes.errors : exitCodes.usage;
}
