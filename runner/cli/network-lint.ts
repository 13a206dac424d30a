// `charter network lint`: policies that do not do what their author meant. Exit code 1 when there are errors.
import { Command, Option } from 'commander';
import { lint, lintText } from '../network/index.ts';
import { exitCodes } from './exit-codes.ts';
import { endingWith, type StateFlags, stateOf, withStateFlags } from './network-state.ts';

interface LintFlags extends StateFlags {
  readonly output: 'text' | 'json';
  readonly strict?: true;
}

export function lintCommand(): Command {
  const command = new Command('lint')
    .description('Policies that do not do what their author meant; exit code 1 when there are errors.')
    .option('--strict', 'exit 1 on warnings too')
    .addOption(
      new Option('-o, --output <form>', 'form of the answer').choices(['text', 'json']).default('text'),
    );
  return withStateFlags(command).action((flags: LintFlags) =>
    endingWith(async () => {
      const state = await stateOf(flags);
      const findings = lint(state);
      const { source, policies, notJudged } = state;
      const text =
        flags.output === 'json'
          ? JSON.stringify({ source, policies: policies.length, findings, notJudged }, undefined, 2)
          : lintText(findings);
      process.stdout.write(`${text}\n`);
      const counted = flags.strict ? ['error', 'warning'] : ['error'];
      return findings.some(({ severity }) => counted.includes(severity))
        ? exitCodes.failed
        : exitCodes.passed;
    }),
  );
}
