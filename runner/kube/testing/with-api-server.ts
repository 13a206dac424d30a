// `describe` for tests that need a real API server: one for all tests of the block, taken down at its end.
import { afterAll, beforeAll, describe } from 'vitest';
import { clientOf } from '../client.ts';
import type { KubeClient } from '../client-types.ts';
import { type TestApiServer, testApiServer } from './api-server.ts';
import { apiServerBinaries, withoutBinaries } from './binaries.ts';

/** Both are there from the first `beforeAll` of the block on. */
export interface ApiServerStage {
  readonly server: TestApiServer;
  /** Of a member of system:masters. */
  readonly admin: KubeClient;
}

/** Where the binaries, or what `missing` names, are not here, the block is skipped and its title says why. */
export function describeWithApiServer(
  title: string,
  tests: (stage: ApiServerStage) => void,
  missing?: string,
): void {
  const binaries = apiServerBinaries();
  const why = binaries === undefined ? withoutBinaries : missing;
  const name = why === undefined ? title : `${title} (${why})`;
  describe.skipIf(why !== undefined)(name, { timeout: 240_000 }, () => {
    const stage: { server?: TestApiServer; admin?: KubeClient } = {};
    beforeAll(async () => {
      if (binaries === undefined) return;
      stage.server = await testApiServer(binaries);
      stage.admin = clientOf(stage.server.kubeconfig());
    }, 120_000);
    afterAll(async () => {
      await stage.admin?.close();
      await stage.server?.[Symbol.asyncDispose]();
    }, 60_000);
    tests(stage as ApiServerStage);
  });
}
