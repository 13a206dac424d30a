// For tests and benchmarks: stores that are made and removed, and stores filled with many runs.
export { fillWithRuns, type ManyRuns } from './testing/many-runs.ts';
export { memoryStore } from './testing/memory-store.ts';
export { type PostgresServer, postgresMissing, startPostgres } from './testing/postgres-server.ts';
