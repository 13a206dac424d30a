import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** By name: a cluster that cannot do the plain thing need not be asked for the rest first. */
class ByName extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => a.moduleId.localeCompare(b.moduleId));
  }
}

/** Checks of Tenants and of a damaged engine take long: `make e2e-kind CHARTER_E2E=all`, or name one of them. */
const long = ['**/10-network-defects*', '**/11-*'];
const isNamed = process.argv.some((word) => /1[01]-/.test(word));

export default defineConfig({
  test: {
    include: ['hack/e2e/checks/*.e2e.ts'],
    exclude: process.env.CHARTER_E2E === 'all' || isNamed ? [] : long,
    pool: 'forks',
    fileParallelism: false,
    isolate: false,
    sequence: { sequencer: ByName },
    experimental: { viteModuleRunner: false },
    testTimeout: 300_000,
    hookTimeout: 300_000,
    reporters: ['verbose'],
  },
});
