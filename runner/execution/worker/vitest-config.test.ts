import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { createVitest } from 'vitest/node';
import { settings, vitestConfig } from './vitest-config.ts';

test('is what the installed vitest makes of the same settings', async () => {
  const vitest = await createVitest(
    'test',
    { root: vitestConfig.root, config: false, watch: false, ...settings },
    { cacheDir: tmpdir(), logLevel: 'silent' },
  );
  const made = vitest.projects[0]?.serializedConfig as unknown as Record<string, unknown>;
  await vitest.close();
  // Of a project, of this process, or told to nobody: our pool, no snapshots are written, no BASE_URL, the order needs no seed.
  const ours = { pool: 'charter', env: {}, deps: vitestConfig.deps, sequence: vitestConfig.sequence };
  const snapshotOptions = { ...(made.snapshotOptions as object), updateSnapshot: 'none' };
  expect({ ...made, ...ours, snapshotOptions }).toMatchObject(vitestConfig);
});
