import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{runner,suites,fixtures,hack,bench,charter-out}/**/*.test.ts'],
    pool: 'forks',
    experimental: { viteModuleRunner: false },
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
