// A store in a folder follows the journals beside it: nothing is written while a run goes on, everything is there when somebody looks.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CharterError, wordsOf } from '../errors/index.ts';
import { type JournalEvent, readJournal } from '../journal/index.ts';
import type { Store } from './open.ts';
import type { JournalTable } from './schema.ts';
import { isRowRefused } from './store-error.ts';
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
 * taken in to its end is not opened again, so what is pruned stays away, and looking again costs no more than a look at the folder. Of one
 * that may not be read, or that the store refuses, `tell` hears, and the others are taken in.
 */
export async function syncJournals(
  store: Store,
  folder: string,
  isAlive: IsAlive,
  tell: (trouble: string) => void = () => {},
): Promise<number> {
  const rows = await store.db.selectFrom('charter.journal').selectAll().execute();
  const taken = new Map(rows.map(({ name, stamp }) => [name, stamp]));
  let pushed = 0;
  for (const name of journalsIn(folder)) {
    const found = readable(join(folder, name), taken.get(name), tell);
    if (found === undefined) continue;
    const { events, stamp, mtimeMs } = found;
    const start = events.find((event) => event.event === 'run-started');
    const beat = start === undefined ? undefined : await beatOf(start, events, mtimeMs, isAlive);
    if (start !== undefined) {
      try {
        await pushEvents(store, events, beat);
      } catch (error) {
        if (!isRowRefused((error as Error).cause)) throw error;
        tell(`${join(folder, name)}: ${wordsOf(error)}`);
        continue;
      }
      pushed += 1;
    }
    if (beat === undefined) await remember(store, { name, stamp });
  }
  return pushed;
}

interface Found {
  readonly events: readonly JournalEvent[];
  readonly stamp: string;
  readonly mtimeMs: number;
}

/** Undefined for one that was taken in as it is, that is gone meanwhile, or that may not be read: the others are not to wait for it. */
function readable(
  path: string,
  taken: string | undefined,
  tell: (trouble: string) => void,
): Found | undefined {
  try {
    const { size, mtimeMs } = statSync(path);
    const stamp = `${size} ${mtimeMs}`;
    return taken === stamp ? undefined : { events: readJournal(path).events, stamp, mtimeMs };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') tell(`${path}: ${wordsOf(error)}`);
    return undefined;
  }
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
