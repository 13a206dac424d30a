// `charter network`: what NetworkPolicies say, and whether the cluster keeps to it. A subcommand's module is loaded only when asked for.
import { Command } from 'commander';

interface Entry {
  readonly name: string;
  readonly description: string;
  readonly load: () => Promise<Command>;
}

const commands: readonly Entry[] = [
  {
    name: 'explain',
    description: 'why one connection is allowed or denied, and what would change it',
    load: async () => (await import('./network-explain.ts')).explainCommand(),
  },
  {
    name: 'matrix',
    description: 'who may reach whom, as text, page, picture or data',
    load: async () => (await import('./network-matrix.ts')).matrixCommand(),
  },
  {
    name: 'lint',
    description: 'policies that do not do what their author meant',
    load: async () => (await import('./network-lint.ts')).lintCommand(),
  },
  {
    name: 'detect',
    description: 'which CNI and policy engine a cluster runs, with the evidence',
    load: async () => (await import('./network-detect.ts')).detectCommand(),
  },
  {
    name: 'policy',
    description: 'print the policy of a workload, standard or for Cilium',
    load: async () => (await import('./network-policy.ts')).policyCommand(),
  },
  {
    name: 'run',
    description: 'judge the catalogue of policies in a cluster',
    load: async () => (await import('./network-run.ts')).networkRunCommand(),
  },
  {
    name: 'sweep',
    description: 'remove what killed runs left in a cluster',
    load: async () => (await import('./network-sweep.ts')).sweepCommand(),
  },
];

/** `argv` as the process has it: the word after `network` says which subcommand is loaded whole. */
export async function networkCommand(argv: readonly string[] = process.argv): Promise<Command> {
  const network = new Command('network').description('NetworkPolicies: explain, draw, lint, prove.');
  for (const { name, description, load } of commands)
    network.addCommand(name === argv[3] ? await load() : new Command(name).description(description));
  return network;
}
