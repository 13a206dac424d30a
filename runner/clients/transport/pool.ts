// Loads the one class of undici that this room needs, at the first request.
// The front door of undici also loads fetch, WebSocket, caches and mocks, three times as long, in every worker process.
// undici is pinned to a version and has no exports map; if a new version moves the file, every test here fails.
import { createRequire } from 'node:module';
import type { Pool } from 'undici';

let loaded: typeof Pool | undefined;

export function newPool(origin: string, options: Pool.Options): Pool {
  loaded ??= createRequire(import.meta.url)('undici/lib/dispatcher/pool.js') as typeof Pool;
  return new loaded(origin, options);
}
