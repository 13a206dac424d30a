// A store in a folder follows the journals beside it: nothing is written while a run goes on, everything is there when somebody looks.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CharterError } from '../errors/index.ts';
import { type JournalEvent, readJournal } from '../journal/index.ts';
import type { Store } from './open.ts';
import type { JournalTable } from './schema.ts';
import { pushEvents } from './write/push.ts';
import type { Beat } from './write/statements.ts';

/** A journal that was written to so recently belongs to a run that goes on. */
const freshMs = 60_000;
/** One sign of life is kept for so long, however often somebody looks. */
const beatMs = 10_000;

/** Whether this run is known to go on, however long its journal is silent: a case may take minutes. */
export type IsAlive = (run: string, shard: string | undefined) => Promise<boolean>;

/**
 * Pushes the journals of `folder` that have something new. Returns how many; files that hold no run are left alone. A journal that was
 * taken in to its end is not opened again, so what is pruned stays away, and looking again costs no more than a look at the folder.
 */
export async function syncJournals(store: Store, folder: string, isAlive: IsAlive): Promise<number> {
  const rows = await store.db.selectFrom('charter.journal').selectAll().execute();
  const taken = new Map(rows.map(({ name, stamp }) => [name, stamp]));
  let pushed = 0;
  for (const name of journalsIn(folder)) {
    const path = join(folder, name);
    const { size, mtimeMs } = statSync(path);
    const stamp = `${size} ${mtimeMs}`;
    if (taken.get(name) === stamp) continue;
    const { events } = readJournal(path);
    const start = events.find((event) => event.event === 'run-started');
    const beat = start === undefined ? undefined : await beatOf(start, events, mtimeMs, isAlive);
    if (start !== undefined) {
      await pushEvents(store, events, beat);
      pushed += 1;
    }
    if (beat === undefined) await remember(store, { name, stamp });
  }
  return pushed;
}

/** Undefined for a run that has ended, or of which nobody hears any more. */
async function beatOf(
  { run, properties }: Extract<JournalEvent, { event: 'run-started' }>,
  events: readonly JournalEvent[],
  writtenAt: number,
  isAlive: IsAlive,
): Promise<Beat | undefined> {
  if (events.some(({ event }) => event === 'run-ended')) return undefined;
  const heardAt = (await isAlive(run, properties.shard)) ? Date.now() : writtenAt;
  return Date.now() - heardAt < freshMs ? { n: Math.floor(heardAt / beatMs), staleMs: freshMs } : undefined;
}

async function remember({ db }: Store, row: JournalTable): Promise<void> {
  await db
    .insertInto('charter.journal')
    .values(row)
    .onConflict((known) => known.column('name').doUpdateSet({ stamp: row.stamp }))
    .execute();
}

function journalsIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.jsonl') && !name.startsWith('.'));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new CharterError('CHR_STORE', `The journals in ${folder} cannot be read: ${String(cause)}`, {
      cause,
    });
  }
}
