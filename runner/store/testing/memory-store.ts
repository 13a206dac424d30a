// A store without any file, for tests of what Postgres and PGlite do alike.
import { openStore, type Store } from '../open.ts';

/** Takes some seconds on a busy machine: one per test file, made in beforeAll. */
export function memoryStore(): Promise<Store> {
  return openStore({ kind: 'memory' }, { schema: 'migrate' });
}
