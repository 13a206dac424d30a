import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** By name: a cluster that cannot do the plain thing need not be asked for the rest first. */
class ByName extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => a.moduleId.localeCompare(b.moduleId));
  }
}

const beyondChart = ['**/10-*', '**/11-*', '**/12-*'];
const beyondCi = ['**/10-network-defects*'];

/** What `make e2e-kind` leaves out, unless it is named: without CHARTER_E2E all that is not about the runner's chart. */
function leftOut(): readonly string[] {
  const isNamed = process.argv.some((word) => /1[0-2]-/.test(word));
  if (isNamed || process.env.CHARTER_E2E === 'all') return [];
  return process.env.CHARTER_E2E === 'ci' ? beyondCi : beyondChart;
}

export default defineConfig({
  test: {
    include: ['hack/e2e/checks/*.e2e.ts'],
    exclude: [...leftOut()],
    pool: 'forks',
    fileParallelism: false,
    isolate: false,
    sequence: { sequencer: ByName },
    experimental: { viteModuleRunner: false, nodeLoader: false },
    testTimeout: 300_000,
    hookTimeout: 300_000,
    reporters: ['verbose'],
  },
});
