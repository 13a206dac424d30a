import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{runner,suites,fixtures,hack,bench,charter-out}/**/*.test.ts'],
    // These start a real API server: `make test-apiserver`.
    exclude: [...configDefaults.exclude, '**/*.apiserver.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    maxConcurrency: 2,
    experimental: { viteModuleRunner: false },
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
