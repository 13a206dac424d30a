// `charter network detect`: which network a cluster has, by the names of what runs there; with --prove also whether a deny is enforced.
import { Command, Option } from 'commander';
import { detectionText, readDetection } from '../network/index.ts';
import { exitCodes } from './exit-codes.ts';
import { type ProberFlags, withProberFlags } from './network-prober.ts';
import { codeOfProof, proofText, proveDeny } from './network-prove.ts';
import { endingWith, withClusterFlags } from './network-state.ts';

interface DetectFlags extends ProberFlags {
  readonly prove?: true;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly output: 'text' | 'json';
}

export function detectCommand(): Command {
  const detect = new Command('detect').description(
    'Which CNI and policy engine a cluster runs, with the evidence. Nothing is written without --prove.',
  );
  const command = withClusterFlags(detect)
    .addOption(
      new Option('-o, --output <form>', 'form of the answer').choices(['text', 'json']).default('text'),
    )
    .option(
      '--prove',
      'also deny all traffic of Pods of its own, on every node, and say whether that is enforced',
    );
  return withProberFlags(command)
    .addHelpText(
      'after',
      '\nNames prove nothing; --prove creates namespaces charter-net-… for half a minute and deletes them.\nExit codes: 0 one engine, and with --prove every node enforces; 1 none, doubtful or not enforced; 4 it could not be read or seen.',
    )
    .action((flags: DetectFlags) => endingWith(() => answer(flags)));
}

async function answer({ kubeconfig, context, output, prove, ...prober }: DetectFlags): Promise<number> {
  const cluster = { kubeconfig, context };
  const detection = await readDetection(cluster);
  const proof = prove === true ? await proveDeny(cluster, prober) : undefined;
  const text =
    output === 'json'
      ? JSON.stringify({ ...detection, deny: proof?.deny ?? 'not-tried', proof }, undefined, 2)
      : `${detectionText(detection)}\n${proofText(proof)}`;
  process.stdout.write(`${text}\n`);
  // What was seen counts for more than a name.
  if (proof !== undefined) return codeOfProof(proof);
  const isSure = !['none', 'unknown'].includes(detection.policyEngine) && detection.doubts.length === 0;
  return isSure ? exitCodes.passed : exitCodes.failed;
}
