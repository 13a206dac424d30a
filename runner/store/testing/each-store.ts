// The same tests on PGlite and on a real Postgres, one server per test file. Where there is no Postgres its tests are skipped in
// plain sight, with the command that brings it; CI=1 makes that an error.
import { afterAll, beforeAll, describe } from 'vitest';
import { openStore, type Store } from '../open.ts';
import { memoryStore } from './memory-store.ts';
import { type PostgresServer, postgresMissing, startPostgres } from './postgres-server.ts';

export interface TestedStore {
  readonly store: () => Store;
  /** Undefined on PGlite. */
  readonly server: () => PostgresServer | undefined;
}

export function eachStore(suite: (tested: TestedStore) => void): void {
  describe('on PGlite', () => {
    let store: Store | undefined;
    beforeAll(async () => {
      store = await memoryStore();
    }, 120_000);
    afterAll(() => store?.close());
    suite({ store: () => present(store), server: () => undefined });
  });
  onPostgres((server) => {
    let store: Store | undefined;
    beforeAll(async () => {
      store = await openStore(server().place(), { schema: 'migrate' });
    }, 120_000);
    afterAll(() => store?.close());
    suite({ store: () => present(store), server });
  });
}

/** With an empty database `charter`. */
export function onPostgres(suite: (server: () => PostgresServer) => void): void {
  const missing = postgresMissing();
  describe.skipIf(missing !== undefined)(`on Postgres${missing === undefined ? '' : ` (${missing})`}`, () => {
    let server: PostgresServer | undefined;
    beforeAll(async () => {
      server = await startPostgres();
    }, 120_000);
    afterAll(() => server?.stop(), 60_000);
    suite(() => present(server));
  });
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('it did not start');
  return value;
}
