// Sends a journal to the store: what the run could not write itself, exactly once, as often as it is tried.

import { CharterError } from '../../errors/index.ts';
import { applyEvent, initialState, type JournalEvent, readJournal } from '../../journal/index.ts';
import type { Store } from '../open.ts';
import { storeError } from '../store-error.ts';
import { Backlog } from './backlog.ts';
import { endOf } from './end.ts';
import { isMerged, mergedIdentity } from './identity.ts';
import { type Beat, writeBatch, writeEnd } from './statements.ts';

export interface Pushed {
  readonly run: string;
  readonly cases: number;
  /** `open`: its journal has no end, so the store shows it as aborted. */
  readonly end: 'ended' | 'open';
  /** Lines of the journal that could not be read. */
  readonly torn: number;
}

const batchSize = 2_000;

/** Throws CHR_STORE, and CHR_USAGE where the file is no journal. */
export async function pushJournal(store: Store, path: string, beat?: Beat): Promise<Pushed> {
  const { events, torn } = readJournal(path);
  if (!events.some(({ event }) => event === 'run-started'))
    throw new CharterError('CHR_USAGE', `${path} holds no run: no line of it says that one started.`, {
      hint: 'A run writes its journal beside its report as charter-<host>-<time>.jsonl.',
    });
  return { ...(await pushEvents(store, events, beat)), torn };
}

export async function pushEvents(
  store: Store,
  events: readonly JournalEvent[],
  beat?: Beat,
): Promise<Omit<Pushed, 'torn'>> {
  const backlog = new Backlog(isMerged(events) ? mergedIdentity(events) : undefined);
  const state = initialState();
  for (const event of events) backlog.take(event, applyEvent(state, event));
  const run = backlog.runId ?? '';
  try {
    while (!backlog.isEmpty) {
      const batch = backlog.next(state, batchSize);
      await writeBatch(store, run, batch, { beat });
      backlog.written(batch, state);
    }
    const end = endOf(state);
    if (end !== undefined) await writeEnd(store, run, end);
    return { run, cases: state.cases.size, end: end === undefined ? 'open' : 'ended' };
  } catch (error) {
    throw storeError(store.name, error);
  }
}
