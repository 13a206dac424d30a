// `charter network sweep`: deletes the worlds that killed runs left in a cluster.
import { Command } from 'commander';
import { sweepCluster } from '../network/index.ts';
import { exitCodes } from './exit-codes.ts';
import { endingWith } from './network-state.ts';

interface SweepFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly all?: true;
}

export function sweepCommand(): Command {
  return new Command('sweep')
    .description('Remove namespaces charter-net-… of runs that were killed, and say which.')
    .option('--kubeconfig <file>', 'the cluster; KUBECONFIG or the Pod’s ServiceAccount when not given')
    .option('--context <name>', 'a context of the kubeconfig')
    .option('--all', 'also worlds whose time is not over: ends runs that are under way')
    .action(({ kubeconfig, context, all }: SweepFlags) =>
      endingWith(async () => {
        const gone = await sweepCluster({ kubeconfig, context }, all === true ? 'all' : 'expired');
        process.stdout.write(gone.length === 0 ? 'nothing was left\n' : `${gone.join('\n')}\n`);
        return exitCodes.passed;
      }),
    );
}
