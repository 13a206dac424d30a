// `charter network detect`: which network a cluster has, by the names of what runs there. Whether a deny is enforced, only a run can say.
import { Command, Option } from 'commander';
import { detectionText, readDetection } from '../network/index.ts';
import { exitCodes } from './exit-codes.ts';
import { endingWith } from './network-state.ts';

interface DetectFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly output: 'text' | 'json';
}

export function detectCommand(): Command {
  return new Command('detect')
    .description('Which CNI and policy engine a cluster runs, with the evidence. Nothing is written.')
    .option('--kubeconfig <file>', 'the cluster; KUBECONFIG or the Pod’s ServiceAccount when not given')
    .option('--context <name>', 'a context of the kubeconfig')
    .addOption(
      new Option('-o, --output <form>', 'form of the answer').choices(['text', 'json']).default('text'),
    )
    .addHelpText(
      'after',
      '\nNames prove nothing: `charter network run` begins with a deny of its own and says whether every node enforces it.\nExit codes: 0 one engine, 1 none or doubtful, 4 the cluster could not be read.',
    )
    .action(({ kubeconfig, context, output }: DetectFlags) =>
      endingWith(async () => {
        const detection = await readDetection({ kubeconfig, context });
        const text = output === 'json' ? JSON.stringify(detection, undefined, 2) : detectionText(detection);
        process.stdout.write(`${text}\n`);
        const isSure = !['none', 'unknown'].includes(detection.policyEngine) && detection.doubts.length === 0;
        return isSure ? exitCodes.passed : exitCodes.failed;
      }),
    );
}
