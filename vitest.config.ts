import { configDefaults, defineConfig } from 'vitest/config';
import { ownTempFolder } from './fixtures/testing/own-temp-folder.ts';

ownTempFolder();

export default defineConfig({
  test: {
    include: ['{runner,suites,fixtures,hack,bench,charter-out}/**/*.test.ts'],
    // These start a real API server: `make test-apiserver`.
    exclude: [...configDefaults.exclude, '**/*.apiserver.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    maxConcurrency: 2,
    experimental: { viteModuleRunner: false, nodeLoader: false },
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
