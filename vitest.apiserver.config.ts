import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['runner/**/*.apiserver.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    experimental: { viteModuleRunner: false },
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
