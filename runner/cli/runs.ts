// `charter runs`: what was run, what became of it, and what changed from one run to another. Reads the store.
import { Command } from 'commander';
import type { CockpitReads, Quarantine } from '../store/index.ts';
import { parseCount } from './parse-count.ts';
import { expectPlatform, findPair, findRun } from './runs-find.ts';
import { diffLines, listLines, showLines } from './runs-lines.ts';
import { readDiff, readRun } from './runs-read.ts';
import { type AskingFlags, answer, extentOf, withAsking } from './store-answer.ts';

interface RunsFlags extends AskingFlags {
  readonly environment?: string;
}

interface ListFlags extends RunsFlags {
  readonly limit: number;
}

const application = 'charter runs';

export function runsCommand(): Command {
  const runs = new Command('runs').description(
    'What was run, newest first; one run; or what changed between two.',
  );
  withAsking(runs.command('list', { isDefault: true }))
    .description('List the runs, newest first.')
    .option('--environment <name>', 'only runs of this platform')
    .option('--limit <n>', 'how many', parseCount, 20)
    .action(async (flags: ListFlags) => {
      const filter = flags.environment === undefined ? {} : { environment: flags.environment };
      const newest = { limit: flags.limit, offset: 0 };
      const ask = async (reads: CockpitReads) => {
        await expectPlatform(reads, flags.environment);
        return reads.runs(filter, newest);
      };
      await answer(application, flags, ask, listLines);
    });
  withAsking(runs.command('show'))
    .description('One run: its counts, failures and skips.')
    .argument('<run>', 'id, the beginning of one, or latest')
    .option('--environment <name>', 'a run of this platform')
    .action(async (id: string, flags: RunsFlags) => {
      const ask = async (reads: CockpitReads, quarantine: Quarantine) =>
        readRun(reads, await findRun(reads, id, flags), quarantine, extentOf(flags));
      await answer(application, flags, ask, showLines);
    });
  withAsking(runs.command('diff'))
    .description('What is newly failing, fixed, newly skipped or flaky in B, beside A.')
    .argument(
      '<a>',
      'id, the beginning of one, or latest: the newest of a whole charter on the platform of the other',
    )
    .argument('<b>', 'the same')
    .option('--environment <name>', 'two runs of this platform')
    .action(async (a: string, b: string, flags: RunsFlags) => {
      const ask = async (reads: CockpitReads) =>
        readDiff(reads, ...(await findPair(reads, a, b, flags.environment)), extentOf(flags));
      await answer(application, flags, ask, diffLines);
    });
  return runs;
}
