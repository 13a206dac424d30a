// `charter store`: makes the tables, sends journals that a run could not store itself, and removes old runs.
import { Command } from 'commander';
import {
  markAborted,
  onceReached,
  openStore,
  prune,
  pushJournal,
  type Store,
  storeError,
} from '../store/index.ts';
import { exitCodes } from './exit-codes.ts';
import { parseCount, parseDays } from './parse-count.ts';
import { printError } from './print-error.ts';
import { type KnownStore, knownStore, type StoreFlags, withStore } from './store-access.ts';

const fallback = { days: 90, redDays: 365, runs: 1_000 };

interface WaitingFlags extends StoreFlags {
  readonly wait: number;
}

interface PruneFlags extends WaitingFlags {
  readonly days?: number;
  readonly redDays?: number;
  readonly runs?: number;
  readonly maxGreenRuns?: number;
  readonly dryRun?: true;
}

export function storeCommand(): Command {
  const store = new Command('store').description('Keep the database of results.');
  withStore(store.command('migrate'))
    .description('Make the tables and roles, or bring them up to date. Takes the owner of the database.')
    .action(async (flags: StoreFlags) => {
      await using(flags, 'migrate', async (opened) => process.stdout.write(`${opened.name}: up to date\n`));
    });
  waiting(withStore(store.command('push')))
    .description('Send journals to the store, each row once, however often. Names what was stored.')
    .argument('<journal...>', 'the .jsonl files beside the reports')
    .action(async (journals: string[], flags: WaitingFlags) => {
      await using(flags, 'expect', (opened) => pushAll(opened, journals));
    });
  waiting(withStore(store.command('prune')))
    .description('Remove old runs; those that are not green stay longer. Marks runs that died as aborted.')
    .option('--days <n>', 'days that a run stays', parseDays)
    .option('--red-days <n>', 'days that a run stays that is not green; never less than --days', parseDays)
    .option('--runs <n>', 'newest runs of each platform that stay in any case', parseCount)
    .option(
      '--max-green-runs <n>',
      'green runs of each platform that stay at most, however young; never less than --runs keeps',
      parseCount,
    )
    .option('--dry-run', 'only say what would go')
    .action(async (flags: PruneFlags) => {
      await using(flags, 'expect', async (opened, { settings }) => {
        const keep = { ...fallback, ...settings?.keep, ...definedOf(flags) };
        const gone = await prune(opened, keep, flags.dryRun ? 'look' : 'remove');
        if (!flags.dryRun) await markAborted(opened);
        for (const id of gone) process.stdout.write(`${id}\n`);
        process.stdout.write(`${gone.length} ${flags.dryRun ? 'would be removed' : 'removed'}\n`);
      });
    });
  return store;
}

/** Of commands that run in Pods of their own. */
function waiting(command: Command): Command {
  return command.option(
    '--wait <seconds>',
    'how long to try where nobody answers: a Pod’s network may come after it',
    parseCount,
    10,
  );
}

function definedOf({ days, redDays, runs, maxGreenRuns }: PruneFlags) {
  return Object.fromEntries(
    Object.entries({ days, redDays, runs, maxGreenRuns }).filter(([, value]) => value !== undefined),
  );
}

async function using(
  flags: StoreFlags & { readonly wait?: number },
  schema: 'migrate' | 'expect',
  act: (store: Store, known: KnownStore) => Promise<unknown>,
): Promise<void> {
  const known = await knownStore(flags, 'charter store');
  const tables = known.place.kind === 'folder' ? 'migrate' : schema;
  const until = performance.now() + (flags.wait ?? 0) * 1_000;
  const opened = await onceReached(() => openStore(known.place, { schema: tables }), until);
  try {
    await act(opened, known);
  } finally {
    await opened.close();
  }
}

/** Every journal is tried; the first that could not be stored decides the exit code. */
async function pushAll(store: Store, journals: readonly string[]): Promise<void> {
  for (const journal of journals) {
    try {
      const { run, cases, end, torn } = await pushJournal(store, journal);
      const notes = [
        end === 'open' ? ', which has no end and shows as aborted' : '',
        torn > 0 ? `, ${torn} torn lines` : '',
      ];
      process.stdout.write(
        `${journal}: run ${run}, ${cases} cases${notes.join('')}; kept in ${store.name}\n`,
      );
    } catch (error) {
      const wrong = storeError(store.name, error);
      printError(wrong);
      process.exitCode ??= wrong.code === 'CHR_USAGE' ? exitCodes.usage : exitCodes.unwritten;
    }
  }
}
