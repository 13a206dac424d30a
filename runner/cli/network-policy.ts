// `charter network policy`: prints the policy of one workload, in the form its cluster's engine understands.
import { Command, InvalidArgumentError, Option } from 'commander';
import { stringify } from 'yaml';
import { CharterError } from '../errors/index.ts';
import {
  ciliumPolicy,
  type PeerAllowed,
  type PortAllowed,
  parseApiServer,
  type ReadFromCluster,
  readForPolicy,
  standardPolicy,
} from '../network/index.ts';
import { exitCodes } from './exit-codes.ts';
import { endingWith } from './network-state.ts';

interface PolicyFlags {
  readonly name: string;
  readonly namespace: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly form: 'standard' | 'cilium';
  readonly range: readonly string[];
  readonly broker?: PeerAllowed;
  readonly apiServer?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
}

export function policyCommand(): Command {
  return new Command('policy')
    .description('Print the policy of a workload: DNS, web, and what else it is given; nothing comes in.')
    .requiredOption('--name <name>', 'of the policy')
    .requiredOption('-n, --namespace <name>', 'of the workload')
    .requiredOption('-l, --selector <labels>', 'of its Pods, app=web,tier=front', labelsOf)
    .addOption(
      new Option('--form <form>', 'a NetworkPolicy or a CiliumNetworkPolicy')
        .choices(['standard', 'cilium'])
        .default('standard'),
    )
    .option('--range <cidr...>', 'Pod and Service ranges of the cluster, which are no internet', [])
    .option('--broker <peer>', 'a peer it may reach, namespace/app=broker:4222 or …:4222/UDP', brokerOf)
    .option('--api-server <where>', 'host, host:port, URL, or `kubernetes` for that Service’s endpoints')
    .option('--kubeconfig <file>', 'the cluster, read for --api-server and for its Pod and Service ranges')
    .option('--context <name>', 'a context of the kubeconfig')
    .addHelpText('after', '\nWithout --kubeconfig, --context and --api-server nothing is contacted.')
    .action((flags: PolicyFlags) =>
      endingWith(async () => {
        const { name, namespace, selector, form, range, broker, apiServer } = flags;
        const { kubeconfig, context } = flags;
        const asksCluster = [kubeconfig, context, apiServer].some((one) => one !== undefined);
        if (apiServer !== undefined) parseApiServer(apiServer);
        const read = asksCluster
          ? await readForPolicy({ kubeconfig, context }, apiServer)
          : { apiServer: [], podRanges: [], serviceRanges: [] };
        const clusterRanges = [...range, ...read.podRanges, ...read.serviceRanges];
        if (range.length === 0) warnOfMissing(read);
        const traffic = {
          ...{ name, namespace, labels: selector, clusterRanges, apiServer: read.apiServer },
          ...(broker === undefined ? {} : { broker }),
        };
        const policy = form === 'cilium' ? ciliumPolicy(traffic) : standardPolicy(traffic);
        process.stdout.write(stringify(policy, { aliasDuplicateObjects: false }));
        return exitCodes.passed;
      }),
    );
}

function warnOfMissing({
  podRanges,
  serviceRanges,
}: Pick<ReadFromCluster, 'podRanges' | 'serviceRanges'>): void {
  const unknown = [
    ...(podRanges.length === 0 ? ['Pod ranges'] : []),
    ...(serviceRanges.length === 0 ? ['Service ranges'] : []),
  ];
  if (unknown.length > 0)
    process.stderr.write(
      `no --range was given, and ${unknown.join(' and ')} of the cluster are not known: where they are public addresses, they stay allowed\n`,
    );
}

const label = /^([A-Za-z0-9][-A-Za-z0-9_./]*)=([A-Za-z0-9]?[-A-Za-z0-9_.]*)$/;

/** `app=web,tier=front`. An empty selector would be the policy of every Pod, which nobody means here. */
export function labelsOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text.split(',').map((part) => {
      const [, key, value] = label.exec(part.trim()) ?? [];
      if (key === undefined || value === undefined)
        throw new InvalidArgumentError(`'${part}' is no key=value.`);
      return [key, value];
    }),
  );
}

/** `akko/app=broker:4222,8222/UDP`. */
export function brokerOf(text: string): PeerAllowed {
  const [, namespace, labels, ports] = /^([a-z0-9-]+)\/(.+?):([^:]+)$/.exec(text) ?? [];
  if (namespace === undefined || labels === undefined || ports === undefined)
    throw new InvalidArgumentError(`'${text}' is no namespace/key=value:port.`);
  return { namespace, labels: labelsOf(labels), ports: ports.split(',').map(portAllowed) };
}

function portAllowed(text: string): PortAllowed {
  const [, number, protocol = 'TCP'] = /^(\d{1,5})(?:\/(TCP|UDP|SCTP))?$/.exec(text) ?? [];
  const port = Number(number);
  if (number === undefined || port < 1 || port > 65_535)
    throw new CharterError('CHR_USAGE', `'${text}' is no port such as 4222 or 53/UDP.`);
  return { port, protocol: protocol as PortAllowed['protocol'] };
}
