// A store in a folder follows the journals beside it: nothing is written while a run goes on, everything is there when somebody looks.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CharterError } from '../errors/index.ts';
import { readJournal } from '../journal/index.ts';
import type { Store } from './open.ts';
import { isMerged, mergedIdentity } from './write/identity.ts';
import { pushEvents } from './write/push.ts';

/** A journal that was written to so recently belongs to a run that goes on. */
const freshMs = 60_000;
/** One sign of life is kept for so long, however often somebody looks. */
const beatMs = 10_000;

/** Whether this run is known to go on, however long its journal is silent: a case may take minutes. */
export type IsAlive = (run: string, shard: string | undefined) => Promise<boolean>;

/** Pushes the journals of `folder` whose end is not in the store. Returns how many; files that hold no run are left alone. */
export async function syncJournals(store: Store, folder: string, isAlive: IsAlive): Promise<number> {
  const known = await store.db
    .selectFrom('charter.run_end')
    .select('run_id')
    .where('exit_code', 'is not', null)
    .execute();
  const ended = new Set(known.map(({ run_id }) => run_id));
  let pushed = 0;
  for (const name of journalsIn(folder)) {
    const path = join(folder, name);
    const { events } = readJournal(path);
    const start = events.find((event) => event.event === 'run-started');
    if (start === undefined) continue;
    const id = isMerged(events) ? mergedIdentity(events).id : start.run;
    if (ended.has(id)) continue;
    const hasEnded = events.some(({ event }) => event === 'run-ended');
    const isKnownAlive = !hasEnded && (await isAlive(start.run, start.properties.shard));
    const heardAt = isKnownAlive ? Date.now() : statSync(path).mtimeMs;
    const beat = { n: Math.floor(heardAt / beatMs), staleMs: freshMs };
    await pushEvents(store, events, hasEnded || Date.now() - heardAt >= freshMs ? undefined : beat);
    pushed += 1;
  }
  return pushed;
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
