// Front door of the store: runs as rows, in Postgres or in a folder.
export { type ConnectionSource, type PostgresConnection, postgresConnection } from './connection.ts';
export { lockSessions } from './lock-session.ts';
export { onceReached } from './once-reached.ts';
export {
  connect as connectStore,
  type FolderPlace,
  type MemoryPlace,
  migrate,
  type OpenOptions,
  openStore,
  type PostgresPlace,
  type Store,
  type StorePlace,
} from './open.ts';
export { prune, type Retention } from './prune.ts';
export {
  noQuarantine,
  type Quarantine,
  type Quarantined,
  quarantineFile,
  readQuarantine,
} from './quarantine.ts';
export { cockpitReads } from './read/cockpit.ts';
export type {
  AttemptResult,
  CampaignCell,
  CaseFilter,
  CaseLine,
  CaseName,
  CaseResult,
  Change,
  ChangeKind,
  CockpitReads,
  EnvironmentHead,
  FlakyCase,
  HistoryPoint,
  Leafed,
  Listed,
  RunHead,
  SkipGroup,
} from './read/cockpit-types.ts';
export { noteLength } from './read/cockpit-types.ts';
export { decidingOf } from './read/deciding.ts';
export type { Database, RunStatus, RunView } from './schema.ts';
export { isRefused, isUnprepared, storeError } from './store-error.ts';
export { type IsAlive, syncJournals } from './sync.ts';
export { type Pushed, pushJournal } from './write/push.ts';
export { markAborted } from './write/statements.ts';
export { pushInTime, type RunWriter, runWriter, type WriterOptions } from './write/writer.ts';
