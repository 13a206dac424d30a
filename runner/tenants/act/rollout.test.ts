// What an install that fails leaves behind: words about the failure, and nothing that looks like a success.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { answerJson } from '../../kube/testing/index.ts';
import type { Rollout } from '../observe/findings.ts';
import { testStage } from '../testing.ts';
import { acts } from './index.ts';

const rollout: Rollout = {
  source: { repo: 'http://charts', name: 'shop', version: '1.0.0' },
  ...{ values: {}, fingerprint: 'f'.repeat(64), chart: { path: '/shop.tgz', digest: 'sha256:d' } },
};

test('K34 an install that fails is HelmInstallFailed, InstallFailed and phase Error, without a success event, an annotation or Ready', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tenants-rollout-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const helmBinary = join(folder, 'helm');
  writeFileSync(helmBinary, '#!/bin/sh\necho "Error: no room" >&2\nexit 1\n', { mode: 0o755 });
  await using stage = await testStage({
    script: (_, response) =>
      answerJson(response, 200, {
        ...{ metadata: { name: 'acme', uid: 'u1', generation: 3 }, roleRef: { name: 'admin' } },
      }),
    action: { action: 'install', reason: 'ReleaseMissing' },
    found: { rollout },
  });
  const { context, server } = stage;
  await acts.install({ ...context, world: { ...context.world, helmBinary } });
  expect(stage.reasons().filter((reason) => reason !== 'PhaseSet')).toEqual([
    'HelmInstallStart',
    'HelmInstallFailed',
  ]);
  const written = server.asked.flatMap((line, at) =>
    /^PATCH .*\/tenants\/acme/.test(line) ? [{ line, body: server.bodies[at] }] : [],
  );
  expect(written.map(({ line }) => line)).toEqual(Array(2).fill(expect.stringContaining('/status')));
  expect(written.at(-1)?.body).toMatchObject({
    status: {
      phase: 'Error',
      conditions: [
        { type: 'ClusterReady/self-cluster', status: 'False', reason: 'InstallFailed' },
        {
          type: 'ClusterError/self-cluster',
          status: 'True',
          reason: 'InstallFailed',
          message: expect.stringContaining('no room'),
        },
        { type: 'ClusterProgress/self-cluster', status: 'False' },
      ],
    },
  });
});
