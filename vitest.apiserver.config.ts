import { defineConfig } from 'vitest/config';
import { ownTempFolder } from './fixtures/testing/own-temp-folder.ts';

ownTempFolder();

export default defineConfig({
  test: {
    include: ['runner/**/*.apiserver.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    experimental: { viteModuleRunner: false, nodeLoader: false },
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
