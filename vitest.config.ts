import { configDefaults, defineConfig } from 'vitest/config';
import { LongestFirst } from './fixtures/testing/longest-first.ts';
import { ownTempFolder } from './fixtures/testing/own-temp-folder.ts';

ownTempFolder();

export default defineConfig({
  test: {
    include: ['{runner,suites,fixtures,hack,bench,charter-out}/**/*.test.ts'],
    // These start a real API server: `make test-apiserver`.
    exclude: [...configDefaults.exclude, '**/*.apiserver.test.ts'],
    pool: 'forks',
    // To load the sources anew for each file takes longer than most files do. No file leaves anything behind: what it sets of the process is undone.
    isolate: false,
    unstubEnvs: true,
    unstubGlobals: true,
    // Many wait for processes and budgets.
    maxWorkers: 4,
    maxConcurrency: 3,
    sequence: { sequencer: LongestFirst },
    experimental: { viteModuleRunner: false, nodeLoader: false },
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
