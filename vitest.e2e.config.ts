import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['hack/e2e/checks/*.e2e.ts'],
    pool: 'forks',
    fileParallelism: false,
    isolate: false,
    experimental: { viteModuleRunner: false },
    testTimeout: 300_000,
    hookTimeout: 300_000,
    reporters: ['verbose'],
  },
});
