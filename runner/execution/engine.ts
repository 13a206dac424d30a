// The vitest process of a round: one forked worker, no isolation, one test file, the driver, which imports the campaigns.
import { dirname, join } from 'node:path';
import { startVitest, type TestModule } from 'vitest/node';

process.once('disconnect', () => process.exit(1));

/** Errors of the driver itself; those of cases went over the socket long before. */
function tellErrors(module: TestModule): void {
  for (const error of module.errors()) process.stderr.write(`${error.stack ?? error.message}\n`);
}

const {
  CHARTER_CONCURRENCY: concurrency = '1',
  CHARTER_DRIVER: driver = '',
  CHARTER_SOCKET: socket = '',
} = process.env;
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
    maxConcurrency: Number(concurrency),
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
