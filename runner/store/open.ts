// Opens the store: Postgres in production, a folder (PGlite) on a laptop. The same SQL and the same migrations for both.

import { Kysely, PGliteDialect, PostgresDialect, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Client, PoolClient } from 'pg';
import { CharterError } from '../errors/index.ts';
import type { PostgresConnection } from './connection.ts';
import { liveConnections } from './live-connections.ts';
import { loadPGlite } from './load-pglite.ts';
import { latestMigration, migrations } from './migrations/index.ts';
import type { Database } from './schema.ts';
import { storeError } from './store-error.ts';

export interface FolderPlace {
  readonly kind: 'folder';
  /** Made where there is none. */
  readonly path: string;
  /** A folder takes one process at a time; this keeps others out. Throws where one is in. */
  readonly lock?: (path: string) => Promise<{ readonly release: () => Promise<void> }>;
}

export interface PostgresPlace {
  readonly kind: 'postgres';
  readonly connection: PostgresConnection;
}

/** For tests: a database that lives as long as the process. */
export interface MemoryPlace {
  readonly kind: 'memory';
}

export type StorePlace = FolderPlace | PostgresPlace | MemoryPlace;

export interface OpenOptions {
  /** `migrate` makes or brings the tables up to date, which takes the owner's rights; `expect` throws where they are not. */
  readonly schema: 'migrate' | 'expect';
}

export interface Store {
  readonly db: Kysely<Database>;
  /** Where it is, for messages: without user or password. */
  readonly name: string;
  readonly close: () => Promise<void>;
  /** Ends at once, whatever is under way: for a database that does not answer. */
  readonly abandon: () => void;
}

/** Throws CHR_STORE. */
export async function openStore(place: StorePlace, { schema }: OpenOptions): Promise<Store> {
  const store = await connect(place);
  try {
    if (schema === 'migrate') await migrateAt(place, store);
    else await expectSchema(store);
    return store;
  } catch (error) {
    await store.close().catch(() => {});
    throw storeError(store.name, error);
  }
}

/** As `openStore`, without a look at the tables: nothing is sent before the first query. */
export async function connect(place: StorePlace): Promise<Store> {
  if (place.kind === 'postgres') return postgres(place.connection);
  const name = place.kind === 'folder' ? place.path : 'memory';
  const PGlite = await loadPGlite(name);
  const lock = place.kind === 'folder' ? await place.lock?.(place.path) : undefined;
  const pglite = await PGlite.create(place.kind === 'folder' ? place.path : 'memory://').catch(
    async (error) => {
      await lock?.release();
      throw storeError(name, error);
    },
  );
  const db = new Kysely<Database>({ dialect: new PGliteDialect({ pglite }) });
  const close = async () => {
    if (!pglite.closed) await pglite.close();
    await lock?.release();
  };
  return { db, name, close, abandon: () => void close().catch(() => {}) };
}

async function postgres(connection: PostgresConnection): Promise<Store> {
  const { DatabaseError, Pool } = (await import('pg')).default;
  const pool = new Pool(connection.pool);
  // A connection that breaks while it is idle is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => {});
  const clients = new Set<PoolClient>();
  pool.on('connect', (client) => {
    clients.add(client);
    // So would one that breaks while somebody has it and asks nothing: the pool listens only to those that it keeps.
    client.on('error', () => {});
    // The views look dear to the planner and are not: compiling them takes a hundred times as long as running them, starting workers five times.
    client.query('set jit = off; set max_parallel_workers_per_gather = 0').catch(() => {});
  });
  pool.on('remove', (client) => clients.delete(client));
  const live = liveConnections(pool, (error) => error instanceof DatabaseError);
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: live }) });
  let closed: Promise<void> | undefined;
  const close = () => (closed ??= pool.end());
  const abandon = () => {
    // One that waits for an answer is cut off by this, an idle one says goodbye.
    for (const client of clients) (client as unknown as Client).end().catch(() => {});
    void close().catch(() => {});
  };
  return { db, name: connection.name, close, abandon };
}

/** A migration takes the time that it takes, and who waits for one of somebody else waits as long: no limit of a statement counts here. */
async function migrateAt(place: StorePlace, store: Store): Promise<void> {
  if (place.kind !== 'postgres') return void (await migrate(store));
  const pool = { ...place.connection.pool, statement_timeout: 0, query_timeout: 0 };
  const patient = await postgres({ ...place.connection, pool });
  try {
    await migrate(patient);
  } finally {
    await patient.close();
  }
}

/** Applies what is missing. Several at once wait for each other. */
export async function migrate({ db }: Pick<Store, 'db'>): Promise<readonly string[]> {
  const migrator = new Migrator({ db, provider: migrations, migrationTableSchema: 'charter' });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
  return results.map(({ migrationName }) => migrationName);
}

async function expectSchema({ db, name }: Store): Promise<void> {
  const { rows } = await sql<{
    has: boolean;
  }>`select to_regclass('charter.kysely_migration') is not null as has`.execute(db);
  if (rows[0]?.has !== true) throw noSchema(name, 'has no tables of charter-runner');
  const found = await sql<{
    name: string;
  }>`select name from charter.kysely_migration order by name desc limit 1`.execute(db);
  const last = found.rows[0]?.name ?? '';
  if (last < latestMigration)
    throw noSchema(name, `stands at migration ${last}, and needs ${latestMigration}`);
}

function noSchema(name: string, what: string): CharterError {
  return new CharterError('CHR_STORE', `The store ${name} ${what}.`, {
    hint: 'Run `charter store migrate` as the owner of the database. docs/store.md.',
  });
}
