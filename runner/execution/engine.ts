// The vitest process of a round: one forked worker, no isolation, one test file, the driver, which imports the campaigns.
// It is started before the round is known, because loading vitest takes longer than reading the charter.
import { dirname, join } from 'node:path';
import type { TestModule } from 'vitest/node';

export interface EngineOrder {
  /** Where the supervisor listens. */
  readonly socket: string;
  readonly driver: string;
  readonly concurrency: number;
}

process.once('disconnect', () => process.exit(1));
const ordered = new Promise<EngineOrder>((resolve) =>
  process.once('message', (order) => resolve(order as EngineOrder)),
);
const { startVitest } = await import('vitest/node');
const { socket, driver, concurrency } = await ordered;
process.env.CHARTER_SOCKET = socket;

/** Errors of the driver itself; those of cases went over the socket long before. */
function tellErrors(module: TestModule): void {
  for (const error of module.errors()) process.stderr.write(`${error.stack ?? error.message}\n`);
}

const started = await startVitest(
  'test',
  [],
  {
    root: import.meta.dirname,
    config: false,
    include: [driver],
    exclude: [],
    watch: false,
    pool: 'forks',
    isolate: false,
    fileParallelism: false,
    maxWorkers: 1,
    maxConcurrency: concurrency,
    experimental: { viteModuleRunner: false },
    reporters: [{ onTestModuleEnd: tellErrors }],
    disableConsoleIntercept: true,
    testTimeout: 0,
    hookTimeout: 0,
    teardownTimeout: 1_000,
    retry: 0,
    allowOnly: true,
    includeTaskLocation: false,
    dangerouslyIgnoreUnhandledErrors: true,
  },
  { cacheDir: join(dirname(socket), 'cache'), logLevel: 'silent', clearScreen: false },
);
await started.close();
process.exit(0);
