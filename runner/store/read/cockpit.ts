// What the cockpit reads, from one store. Every page is a few of these; none of them writes.
import type { Store } from '../open.ts';
import { storeError } from '../store-error.ts';
import { flakeReads } from './cockpit-flakes.ts';
import { historyReads } from './cockpit-history.ts';
import { resultReads } from './cockpit-results.ts';
import { runReads } from './cockpit-runs.ts';
import { stateOf } from './cockpit-state.ts';
import type { CockpitReads } from './cockpit-types.ts';

/** Each read throws CHR_STORE where the database does not answer. */
export function cockpitReads(store: Store): CockpitReads {
  const reads: CockpitReads = {
    ...runReads(store),
    ...resultReads(store),
    ...historyReads(store),
    ...flakeReads(store),
    state: (run) => stateOf(store, run),
  };
  return Object.fromEntries(
    Object.entries(reads).map(([name, read]) => [name, throwingStoreErrors(store.name, read)]),
  ) as unknown as CockpitReads;
}

function throwingStoreErrors(name: string, read: (...args: never[]) => Promise<unknown>) {
  return async (...args: never[]): Promise<unknown> => {
    try {
      return await read(...args);
    } catch (error) {
      throw storeError(name, error);
    }
  };
}
