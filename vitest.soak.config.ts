import { defineConfig } from 'vitest/config';
import { LongestFirst } from './fixtures/testing/longest-first.ts';
import { ownTempFolder } from './fixtures/testing/own-temp-folder.ts';

ownTempFolder();

export default defineConfig({
  test: {
    include: ['{runner,suites,fixtures,hack}/**/*.soak.ts'],
    pool: 'forks',
    maxWorkers: 3,
    maxConcurrency: 4,
    sequence: { sequencer: LongestFirst },
    experimental: { viteModuleRunner: false, nodeLoader: false },
    testTimeout: 480_000,
    hookTimeout: 60_000,
    reporters: ['verbose'],
  },
});
