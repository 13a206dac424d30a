// `charter runs`: what was run, what became of it, and what changed from one run to another. Reads the store.
import { Command } from 'commander';
import { type CockpitReads, cockpitReads, type Quarantine } from '../store/index.ts';
import { parseCount } from './parse-count.ts';
import { diffLines, listLines, showLines } from './runs-lines.ts';
import { findRun, readDiff, readRun } from './runs-read.ts';
import { openForReading, type StoreFlags, withStore } from './store-access.ts';

interface RunsFlags extends StoreFlags {
  readonly json?: true;
}

interface ListFlags extends RunsFlags {
  readonly environment?: string;
  readonly limit: number;
}

export function runsCommand(): Command {
  const runs = new Command('runs').description(
    'What was run, newest first; one run; or what changed between two.',
  );
  withFlags(runs.command('list', { isDefault: true }))
    .description('List the runs, newest first.')
    .option('--environment <name>', 'only runs of this platform')
    .option('--limit <n>', 'how many', parseCount, 20)
    .action(async (flags: ListFlags) => {
      await reading(flags, async (reads) => {
        const filter = flags.environment === undefined ? {} : { environment: flags.environment };
        const found = await reads.runs(filter, { limit: flags.limit, offset: 0 });
        print(flags, found, () => listLines(found));
      });
    });
  withFlags(runs.command('show'))
    .description('One run: its counts, failures and skips.')
    .argument('<run>', 'id, the beginning of one, or latest')
    .action(async (id: string, flags: RunsFlags) => {
      await reading(flags, async (reads, quarantine) => {
        const shown = await readRun(reads, await findRun(reads, id), quarantine);
        print(flags, shown, () => showLines(shown));
      });
    });
  withFlags(runs.command('diff'))
    .description('What is newly failing, fixed, newly skipped or flaky in B, beside A.')
    .argument('<a>', 'id, the beginning of one, or latest')
    .argument('<b>', 'the same')
    .action(async (a: string, b: string, flags: RunsFlags) => {
      await reading(flags, async (reads) => {
        const changes = await readDiff(reads, await findRun(reads, a), await findRun(reads, b));
        print(flags, changes, () => diffLines(changes));
      });
    });
  return runs;
}

function withFlags(command: Command): Command {
  return withStore(command).option('--json', 'JSON instead of a table');
}

async function reading(
  flags: RunsFlags,
  act: (reads: CockpitReads, quarantine: Quarantine) => Promise<void>,
): Promise<void> {
  const { store, quarantine } = await openForReading(flags, 'charter runs');
  try {
    await act(cockpitReads(store), quarantine);
  } finally {
    await store.close();
  }
}

function print({ json }: RunsFlags, value: unknown, lines: () => readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(value, undefined, 2)}\n` : `${lines().join('\n')}\n`);
}
