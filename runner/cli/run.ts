// `charter run`: reads the charter, runs its campaigns, writes the report, and ends with one SUMMARY line and an exit code.
import { Command } from 'commander';
import { warmWorker } from '../execution/index.ts';
import { parseRetry, type RunFlags, withSelection } from './run-options.ts';

export function runCommand(): Command {
  return withSelection(new Command('run'))
    .description('Run campaigns against the targets of charter.yaml and write the report.')
    .option('--out <dir>', 'folder of the reports', process.env.CHARTER_OUT ?? 'charter-out')
    .option('--retry <n>', 'retries of failed cases after all others, instead of execution.retry', parseRetry)
    .option(
      '--merge',
      'with --shard: the first shard waits for the others of its Job and makes one report of all',
    )
    .addHelpText(
      'after',
      '\nExit codes: 0 passed, 1 failed, 2 usage or configuration, 3 nothing proven, 4 errors,\n5 report not written, 6 locked, 7 interrupted. docs/exit-codes.md explains each.',
    )
    .action(async (flags: RunFlags) => {
      // Begun by charter.mjs: vitest takes longest to load.
      const worker = warmWorker();
      try {
        const { perform } = await import('./perform-run.ts');
        process.exitCode = await perform(flags, worker);
      } finally {
        worker.discard();
      }
    });
}
