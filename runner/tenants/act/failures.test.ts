// What the status says of a failure that cools, after something else was said in between.
import { expect, test } from 'vitest';
import { resources } from '../../kube/index.ts';
import { answerJson } from '../../kube/testing/index.ts';
import { attemptOf } from '../observe/observe.ts';
import { recordStatus } from '../record.ts';
import { failure, statusAfter } from '../status.ts';
import type { Tenant } from '../tenant.ts';
import { testStage } from '../testing.ts';
import { acts, type Context } from './index.ts';

const now = new Date('2026-01-01T00:00:00Z');
const away = ['Unknown', 'ClusterUnreachable', 'no answer'] as const;

function tenant(change: Parameters<typeof statusAfter>[1]): Tenant {
  const metadata = { name: 'acme', namespace: 'tenants', uid: 'u1', generation: 3 };
  const context = { cluster: 'self-cluster', now, chartProblems: 'show' } as const;
  return { metadata, spec: { workspace: 'acme-ws' }, status: statusAfter({ metadata }, change, context) };
}

interface Scenario {
  readonly action: Context['action'];
  /** What the status says already. */
  readonly before: Parameters<typeof statusAfter>[1];
  readonly failed?: 'InstallFailed' | 'TestFailed';
  readonly tests?: 'failed' | 'none';
}

/** Conditions that were written, `kind status reason message`; none where nothing was. */
async function said({ action, before, failed, tests = 'none' }: Scenario): Promise<string[]> {
  await using stage = await testStage({
    action,
    tenant: tenant(before),
    script: ({ url = '' }, response) =>
      /\/(pods|events)/.test(url)
        ? answerJson(response, 200, { kind: 'List', metadata: { resourceVersion: '1' }, items: [] })
        : answerJson(response, 200, {}),
  });
  const { world, scene, found } = stage.context;
  if (failed !== undefined)
    world.attempts.failed(scene.key, attemptOf(scene, found.rollout), failure(failed, 'that is why'));
  const observed = { ...found.observed, tests };
  const here = { ...stage.context, found: { ...found, observed, wrong: 'Deployment shop: 0 of 1 ready' } };
  await acts[action.action](here);
  const at = stage.server.asked.findIndex((line) => line.includes('/status'));
  const { status } = (stage.server.bodies[at] ?? {}) as Pick<Tenant, 'status'>;
  return (status?.conditions ?? []).map((one) =>
    `${one.type.split('/')[0]} ${one.status} ${one.reason} ${one.message}`.trim(),
  );
}

const ofFailure = (reason: string) => [
  `ClusterReady False ${reason} that is why`,
  `ClusterError True ${reason} that is why`,
  `ClusterProgress False ${reason}`,
];

test.each([
  ['await-retry', 'InstallFailed'],
  ['report-tests', 'TestFailed'],
] as const)(
  '%s says again how it failed once its cluster answers, and says it once',
  async (name, reason) => {
    const action = { action: name, reason };
    const unreachable = { ready: away, error: away, progress: ['False', 'ClusterUnreachable', ''] } as const;
    expect(await said({ action, before: unreachable, failed: reason })).toEqual(ofFailure(reason));
    expect(await said({ action, before: failure(reason, 'that is why'), failed: reason })).toEqual([]);
  },
);

test.each([
  ['await-health', 'NotReady'],
  ['warn-drift', 'DriftDetected'],
] as const)(
  '%s leaves the error of tests that failed alone, and takes no other for it',
  async (name, reason) => {
    const action = { action: name, reason };
    const before = failure('TestFailed', 'that is why');
    const error = (conditions: string[]) => conditions.find((one) => one.startsWith('ClusterError'));
    expect(error(await said({ action, before, tests: 'failed' })), 'after a restart').toBe(
      'ClusterError True TestFailed that is why',
    );
    expect(
      error(await said({ action, before: { error: away }, failed: 'TestFailed', tests: 'failed' })),
    ).toBe('ClusterError True TestFailed that is why');
    expect(error(await said({ action, before: { error: away } }))).toBe('ClusterError False NoError');
    expect(
      error(await said({ action, before: { error: away }, tests: 'failed' })),
      'nobody knows how they failed, and the cluster is back',
    ).toBe('ClusterError False NoError');
  },
);

test('a correction that is refused again writes nothing: it was said', async () => {
  const metadata = { name: 'shop', namespace: 'acme-ws' };
  const wrong = 'ConfigMap shop differs at /data/word';
  const drifted = [
    {
      ...{ resource: resources.configMaps, what: wrong },
      object: { apiVersion: 'v1', kind: 'ConfigMap', name: 'shop', namespace: 'acme-ws', object: {} },
      repaired: { apiVersion: 'v1', kind: 'ConfigMap', metadata },
    },
  ];
  const action = { action: 'correct-drift', reason: 'DriftDetected' } as const;
  await using stage = await testStage({
    ...{ action, found: { drifted, wrong } },
    script: ({ url = '' }, response, nth) => {
      if (url.includes('/configmaps/'))
        return answerJson(response, 403, { kind: 'Status', message: 'no right' });
      const { status } = stage.server.bodies[nth - 1] as Pick<Tenant, 'status'>;
      answerJson(response, 200, { ...stage.context.scene.tenant, status });
    },
  });
  const { world, scene } = stage.context;
  let tenant = scene.tenant;
  const record: Context['record'] = async (change) => {
    tenant = await recordStatus(world, { ...scene, tenant }, change);
    return tenant;
  };
  const writes = () => stage.server.asked.filter((line) => line.includes('/status')).length;
  await acts['correct-drift']({ ...stage.context, record });
  expect(writes(), 'what is wrong, and that it could not be mended').toBe(2);
  await acts['correct-drift']({ ...stage.context, record });
  await acts['await-retry']({
    ...{ ...stage.context, record },
    action: { action: 'await-retry', reason: 'DriftCorrectionFailed' },
  });
  expect(writes()).toBe(2);
});

test('how a correction of something else failed is no word on this drift', async () => {
  const action = { action: 'correct-drift', reason: 'DriftDetected' } as const;
  await using stage = await testStage({
    ...{ action, found: { drifted: [], wrong: 'ConfigMap shop is missing' } },
    script: (_, response) => answerJson(response, 200, {}),
  });
  const { world, scene } = stage.context;
  world.attempts.failed(scene.key, 'another attempt', failure('DriftCorrectionFailed', 'long ago'), 'drift');
  await acts['correct-drift'](stage.context);
  const written = stage.server.bodies.map((body) => JSON.stringify(body)).join();
  expect(written).toContain('ConfigMap shop is missing');
  expect(written).not.toContain('long ago');
});

test.each([
  ['await-health', 'NotReady'],
  ['warn-drift', 'DriftDetected'],
  ['correct-drift', 'DriftDetected'],
] as const)('%s ends a progress that was said before the operator was killed', async (name, reason) => {
  const before = { progress: ['True', 'Upgrading', 'upgrading shop'] } as const;
  const conditions = await said({ action: { action: name, reason }, before });
  expect(conditions).toContain(`ClusterProgress False ${reason}`);
});
