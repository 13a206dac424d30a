// How commands that read the store answer: a table for people, everything as JSON for programs.
import type { Command } from 'commander';
import { type CockpitReads, cockpitReads, type Quarantine } from '../store/index.ts';
import type { Extent } from './runs-everything.ts';
import { openForReading, type StoreFlags, withStore } from './store-access.ts';

export interface AskingFlags extends StoreFlags {
  readonly json?: true;
}

export function withAsking(command: Command): Command {
  return withStore(command).option('--json', 'JSON instead of a table, with every case and all its words');
}

export const extentOf = ({ json }: AskingFlags): Extent => (json ? 'everything' : 'table');

/** Prints what `ask` finds. `application` is shown in pg_stat_activity. Throws CHR_STORE and what `ask` throws. */
export async function answer<Found>(
  application: string,
  flags: AskingFlags,
  ask: (reads: CockpitReads, quarantine: Quarantine) => Promise<Found>,
  lines: (found: Found) => readonly string[],
): Promise<void> {
  const { store, quarantine } = await openForReading(flags, application);
  try {
    const found = await ask(cockpitReads(store), quarantine);
    process.stdout.write(`${flags.json ? JSON.stringify(found, undefined, 2) : lines(found).join('\n')}\n`);
  } finally {
    await store.close();
  }
}
