// For tests of the pages: a cockpit over a store in memory, filled with journals as runs write them.
import type { JournalEvent } from '../journal/index.ts';
import { eventsOf, type SampleRun } from '../report/testdata/sample-run.ts';
import { cockpitReads, openStore, type Store } from '../store/index.ts';
import { memoryStore, postgresMissing, startPostgres } from '../store/testing.ts';
import { pushEvents } from '../store/write/push.ts';
import { type CockpitOptions, createCockpit } from './app.ts';

export interface TestCockpit {
  readonly store: Store;
  readonly get: (path: string, init?: RequestInit) => Promise<Response>;
  /** The text of an answer that must be 200. */
  readonly text: (path: string) => Promise<string>;
  readonly close: () => Promise<void>;
}

export const today = Date.UTC(2026, 10, 21, 8, 0, 0);

/** `quickest`: a real Postgres where there is one, because a new PGlite takes some seconds of computing. */
export async function testCockpit(
  runs: readonly (readonly JournalEvent[])[],
  where: 'memory' | 'quickest' = 'quickest',
  options: Partial<CockpitOptions> = {},
): Promise<TestCockpit> {
  const { store, stop } = await emptyStore(where);
  for (const events of runs) await pushEvents(store, events);
  const { app, close } = createCockpit({ reads: cockpitReads(store), now: () => today, ...options });
  const get = async (path: string, init?: RequestInit) => app.request(path, init);
  return {
    store,
    get,
    text: async (path) => {
      const answer = await get(path);
      const text = await answer.text();
      if (answer.status !== 200) throw new Error(`${path}: ${answer.status}\n${text}`);
      return text;
    },
    close: async () => {
      close();
      await store.close();
      await stop();
    },
  };
}

async function emptyStore(
  where: 'memory' | 'quickest',
): Promise<{ store: Store; stop: () => Promise<void> }> {
  if (where === 'memory' || postgresMissing() !== undefined)
    return { store: await memoryStore(), stop: async () => {} };
  const server = await startPostgres();
  try {
    return { store: await openStore(server.place(), { schema: 'migrate' }), stop: server.stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

export interface DatedRun extends SampleRun {
  readonly run: string;
  /** Days before {@link today}'s night. */
  readonly ago: number;
  readonly environment?: string;
}

/** A sample run under a name and on a day of its own. */
export function runOf({ run, ago, environment = 'production', ...sample }: DatedRun): JournalEvent[] {
  return eventsOf(sample).map((event) => ({
    ...event,
    ...(event.event === 'run-started' ? { run, environment } : {}),
    at: new Date(Date.parse(event.at) - ago * 86_400_000).toISOString(),
  }));
}
