// `charter network sweep`: deletes the worlds that killed runs left in a cluster.
import { Command } from 'commander';
import { type Swept, sweepCluster } from '../network/index.ts';
import { exitCodes } from './exit-codes.ts';
import { endingWith, withClusterFlags } from './network-state.ts';

interface SweepFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly all?: true;
}

export function sweepCommand(): Command {
  const sweep = new Command('sweep').description(
    'Remove namespaces charter-net-… whose two hours are over, and say which.',
  );
  return withClusterFlags(sweep)
    .option(
      '--all',
      'also those of runs that were killed a moment ago, or are under way: these end as errors',
    )
    .action(({ kubeconfig, context, all }: SweepFlags) =>
      endingWith(async () => {
        const swept = await sweepCluster({ kubeconfig, context }, all === true ? 'all' : 'expired');
        process.stdout.write(sweptText(swept));
        return swept.terminating.length === 0 ? exitCodes.passed : exitCodes.failed;
      }),
    );
}

/** One line per namespace. */
export function sweptText({ gone, terminating, spared }: Swept): string {
  const lines = [
    ...gone.map((name) => `${name} removed`),
    ...terminating.map(
      (name) => `${name} is still terminating: kubectl get namespace ${name} -o yaml says why`,
    ),
    ...spared.map((name) => `${name} left alone: its time is not over (--all removes it)`),
  ];
  return lines.length === 0 ? 'nothing was left\n' : `${lines.join('\n')}\n`;
}
