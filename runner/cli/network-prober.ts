// Flags that say which prober runs where, the same for every command that starts Pods of it.
import { type Command, Option } from 'commander';
import type { WorldOptions } from '../network/index.ts';

export interface ProberFlags {
  readonly image: string;
  readonly pullPolicy: NonNullable<WorldOptions['imagePullPolicy']>;
  readonly node: string[];
}

export const many = (value: string, before: string[]) => [...before, value];

export function withProberFlags(command: Command): Command {
  return command
    .option('--image <name>', 'of the prober', process.env.CHARTER_PROBE_IMAGE ?? 'charter-probe:latest')
    .addOption(
      new Option('--pull-policy <when>', 'of that image')
        .choices(['Never', 'IfNotPresent', 'Always'])
        .default('IfNotPresent'),
    )
    .option('--node <name>', 'only on this node, also a tainted one (repeatable)', many, []);
}

export function proberOf({ image, pullPolicy, node }: ProberFlags) {
  return { image, imagePullPolicy: pullPolicy, ...(node.length === 0 ? {} : { nodes: node }) };
}
