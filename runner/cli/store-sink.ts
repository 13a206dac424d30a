// How a run reaches the store that its charter names. Loaded only where there is one: the database's client takes its time.
import { hostname } from 'node:os';
import { type ConfigData, unknownEnvironment } from '../config/index.ts';
import type { RunSink } from '../execution/index.ts';
import {
  connectStore,
  type PostgresConnection,
  pushInTime,
  runWriter,
  type StorePlace,
  type WriterOptions,
} from '../store/index.ts';
import { postgresOf } from './store-access.ts';

/** Of a Config, what says where its results are kept. */
export interface StoreSettings {
  readonly data: Pick<ConfigData, 'store'>;
  /** Of charter.yaml. */
  readonly path: string;
}

export interface StoreSinkEdges {
  /** Learns the password of the database before anything may be written. */
  readonly onSecret: (secret: string) => void;
  readonly tell: (text: string) => void;
}

/** Follows the run into the store as it goes on. */
export function storeSink(config: StoreSettings, journal: string, edges: StoreSinkEdges): RunSink {
  return runWriter(writerOptions(config, journal, edges));
}

/** Stores a journal at the end of a run, within the same limit. Throws CHR_STORE where the store is required. */
export function storeJournal(config: StoreSettings, journal: string, edges: StoreSinkEdges): Promise<void> {
  return pushInTime(writerOptions(config, journal, edges));
}

/** Who gave no name looks for the runs under none of these by himself. */
export function underWhichName(environment: string, tell: StoreSinkEdges['tell']): void {
  const why = unnamed[environment];
  if (why !== undefined) tell(`the results are kept under the platform \`${environment}\`: ${why}`);
}

const unnamed: Readonly<Record<string, string>> = {
  default: '`environment` in the charter gives it a name of its own',
  [unknownEnvironment]: '`environment` in the charter does not tell which it is',
};

function writerOptions(
  { data, path }: StoreSettings,
  journal: string,
  { onSecret, tell }: StoreSinkEdges,
): WriterOptions {
  const { required, finishMs, beatMs } = data.store;
  let place: StorePlace | undefined;
  let wrong: unknown;
  try {
    const found = postgresOf(data.store, path, `charter run on ${hostname()}`);
    for (const secret of found.connection.secrets) onSecret(secret);
    place = { ...found, connection: impatient(found.connection, finishMs) };
  } catch (error) {
    // Told at the end of the run, like a database that is away.
    wrong = error;
  }
  const open = () => (place === undefined ? Promise.reject(wrong) : connectStore(place));
  return { open, need: required ? 'required' : 'optional', finishMs, beatMs, journal, tell };
}

/** One connection. Where it is lost without a word, the end of the run has time left for another one. */
export function impatient(connection: PostgresConnection, finishMs: number): PostgresConnection {
  const answerMs = Math.ceil(finishMs / 2);
  const limits = { statement_timeout: answerMs, query_timeout: answerMs };
  const connectionTimeoutMillis = Math.min(3_000, finishMs);
  return { ...connection, pool: { ...connection.pool, max: 1, connectionTimeoutMillis, ...limits } };
}
