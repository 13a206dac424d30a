// The vitest process of a round: one forked worker, no isolation, one test file, the driver, which imports the campaigns.
// It knows nothing of the run: the worker waits for its assignment.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestModule } from 'vitest/node';
import { forkWorker, poolOf } from './worker-ahead.ts';

if (process.send === undefined) throw new Error('the engine is started by `charter run`');
/** The supervisor listens in it; what vitest writes goes there too. */
const folder = process.argv[2] ?? '';
// A supervisor that was killed removes nothing any more.
process.once('disconnect', () => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(1);
});
process.env.CHARTER_SOCKET = join(folder, 'round.sock');

/** Errors of the driver itself; those of cases went over the socket long before. */
function tellErrors(module: TestModule): void {
  for (const error of module.errors()) process.stderr.write(`${error.stack ?? error.message}\n`);
}

// Before vitest is imported, so that both load at once.
const worker = forkWorker();
const { startVitest } = await import('vitest/node');
const started = await startVitest(
  'test',
  [],
  {
    root: import.meta.dirname,
    config: false,
    include: [join(import.meta.dirname, 'worker', 'driver.ts')],
    exclude: [],
    watch: false,
    pool: poolOf(worker),
    isolate: false,
    fileParallelism: false,
    maxWorkers: 1,
    // Node imports campaigns itself; with a loader of vitest it would be slower, and vi.mock would do nothing instead of being an error.
    experimental: { viteModuleRunner: false, nodeLoader: false },
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
  { cacheDir: join(folder, 'cache'), logLevel: 'silent', clearScreen: false },
);
await started.close();
process.exit(0);
