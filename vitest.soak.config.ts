import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{runner,suites,fixtures,hack}/**/*.soak.ts'],
    pool: 'forks',
    fileParallelism: false,
    experimental: { viteModuleRunner: false, nodeLoader: false },
    testTimeout: 480_000,
    hookTimeout: 60_000,
    reporters: ['verbose'],
  },
});
