// What actions say and when they want to be called again, with an API server that refuses on demand.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resources } from '../../kube/index.ts';
import { answerJson, eventually } from '../../kube/testing/index.ts';
import type { Release } from '../helm/release.ts';
import { StatusUnwritable } from '../record.ts';
import { type TestStage, type TestStageOptions, taking, testStage } from '../testing.ts';
import { timeoutOf } from './helm.ts';
import { acts, type Context } from './index.ts';

const refusing: TestStageOptions['script'] = (_, response) =>
  answerJson(response, 403, { kind: 'Status', reason: 'Forbidden', message: 'no right' });

test('K26 a workspace that cannot be made is told as WorkspaceCreateFailed, and tried again after 30 s', async () => {
  await using stage = await testStage({
    script: (request, response, nth) =>
      request.method === 'POST' ? refusing(request, response, nth) : taking(request, response, nth),
    action: { action: 'create-workspace', reason: 'WorkspaceMissing' },
  });
  expect(await acts['create-workspace'](stage.context)).toEqual({ next: 'done', afterMs: 30_000 });
  expect(stage.told[0]).toMatchObject({ type: 'Warning', reason: 'WorkspaceCreateFailed' });
  expect(JSON.stringify(stage.server.bodies.at(-1))).toContain('WorkspaceCreateFailed');
});

test("a workspace that is to have a chart of a Tenant's choice is marked, and nothing follows before the watch tells of it", async () => {
  await using stage = await testStage({ script: taking });
  expect(await acts['mark-workspace'](stage.context)).toMatchObject({ next: 'done' });
  expect(stage.server.asked).toEqual(['PATCH /api/v1/namespaces/acme-ws?fieldManager=charter-runner']);
  expect(stage.server.bodies).toEqual([
    { metadata: { annotations: { 'mesh.openkcm.io/chart-chosen': 'true' } } },
  ]);
});

/** The nth try has failed, and the next one waits for its time. */
async function nextTry({ server, clock }: TestStage, nth: number): Promise<void> {
  await eventually(() => server.asked.length === nth && clock.timers() > 0);
  await clock.advance(nth * 500 - 1);
  expect(server.asked, 'before its time').toHaveLength(nth);
  await clock.advance(1);
}

test('K43 a status is written at most three times, with pauses; then StatusUpdateFailed is told and 45 s are waited', async () => {
  await using stage = await testStage({ script: refusing });
  const failing = stage.context.record({ ready: ['True', 'NoChange', 'x'] }).catch((error: unknown) => error);
  await nextTry(stage, 1);
  await nextTry(stage, 2);
  const failed = await failing;
  expect(failed).toBeInstanceOf(StatusUnwritable);
  expect((failed as StatusUnwritable).afterMs).toBe(45_000);
  expect(stage.server.asked).toEqual(
    Array(3).fill(expect.stringMatching(/^PATCH .*\/tenants\/acme\/status/)),
  );
  expect(stage.reasons()).toEqual(['StatusUpdateFailed']);
});

test('K42 K43 a status that is written the second time is no failure, and its new phase is told once', async () => {
  await using stage = await testStage({
    script: (request, response, nth) => (nth === 1 ? refusing : taking)(request, response, nth),
  });
  const recorded = stage.context.record({ ready: ['True', 'NoChange', 'x'] });
  await nextTry(stage, 1);
  await recorded;
  expect(stage.told).toEqual([{ type: 'Normal', reason: 'PhaseSet', message: 'Ready' }]);
});

test('a Tenant that is suspended is not called Ready: nobody looks at it', async () => {
  const action = { action: 'pause', reason: 'Suspended' } as const;
  await using stage = await testStage({ script: taking, action, found: { why: 'spec.suspend is true' } });
  await acts.pause(stage.context);
  expect(JSON.stringify(stage.server.bodies[0])).toContain(
    '"ClusterReady/self-cluster","status":"Unknown","reason":"Suspended","message":"spec.suspend is true"',
  );
});

test('drift that comes back each time is corrected ever more slowly, and the Tenant says that somebody sets it back', async () => {
  const action = { action: 'correct-drift', reason: 'DriftDetected' } as const;
  const drifted = ['shop', 'plain'].map((name) => ({
    ...{ resource: resources.configMaps, what: `ConfigMap ${name} differs at /data/word` },
    object: { apiVersion: 'v1', kind: 'ConfigMap', name, namespace: 'acme-ws', object: {} },
    repaired: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'acme-ws' } },
  }));
  const found = { drifted: drifted.slice(0, 1), wrong: 'ConfigMap shop differs at /data/word' };
  await using stage = await testStage({ script: taking, action, found });
  const repairs = () => stage.server.asked.filter((line) => line.includes('/configmaps/')).length;
  for (let time = 1; time <= 8; time += 1)
    expect(await acts['correct-drift'](stage.context)).toEqual({ next: 'again' });
  expect(repairs()).toBe(8);
  expect(JSON.stringify(stage.server.bodies)).not.toContain('DriftContested');
  expect(await acts['correct-drift'](stage.context)).toEqual({ next: 'done', afterMs: 2_000 });
  expect(repairs()).toBe(8);
  expect(JSON.stringify(stage.server.bodies.at(-1))).toContain(
    '"True","reason":"DriftContested","message":"somebody sets it back: ConfigMap shop differs at /data/word"',
  );
  const both = { ...stage.context, found: { ...stage.context.found, drifted } };
  expect(await acts['correct-drift'](both), 'with another one that is new').toEqual({ next: 'again' });
  expect(stage.server.asked.at(-1)).toContain('/configmaps/plain');
  expect(repairs()).toBe(9);
  stage.clock.skip(2_000);
  expect(await acts['correct-drift'](stage.context)).toEqual({ next: 'again' });
  expect(repairs()).toBe(10);
});

test.each([
  [{ ALLOW_CHART_SKIP: 'true' }, 120_000],
  [{}, 30_000],
])('K40 with %j a chart that cannot be loaded is asked for again after %d ms', async (env, afterMs) => {
  const action = { action: 'report-chart', reason: 'ChartNotLoaded' } as const;
  await using stage = await testStage({ script: taking, env, action, found: { why: 'no answer' } });
  expect(await acts['report-chart'](stage.context)).toEqual({ next: 'done', afterMs });
  expect(stage.reasons()).toContain('ChartNotLoaded');
  expect(stage.told.at(-1)?.message).toContain('chart not loaded; skipping helm action');
});

test.each([
  ['VersionInvalid', 'ChartVersionInvalid'],
  ['VersionNotFound', 'ChartVersionNotFound'],
])('K36 K38 reason %s is told as event %s, and the phase is Pending', async (reason, event) => {
  const action = { action: 'report-chart', reason } as const;
  await using stage = await testStage({ script: taking, action });
  await acts['report-chart'](stage.context);
  expect(stage.reasons()).toEqual(['PhaseSet', event]);
  expect(stage.told[0]?.message).toBe('Pending');
});

test('K37 the same chart problem again writes nothing and tells nothing', async () => {
  const status = {
    phase: 'Pending',
    lastMessage: 'no answer',
    observedGeneration: 3,
    conditions: ['ClusterReady', 'ClusterError', 'ClusterProgress'].map((kind) => ({
      ...{ type: `${kind}/self-cluster`, status: kind === 'ClusterError' ? 'Unknown' : 'False' },
      message: kind === 'ClusterProgress' ? '' : 'no answer',
      ...{ reason: 'ChartNotLoaded', observedGeneration: 3 },
      lastTransitionTime: '2026-01-01T00:00:00Z',
    })),
  };
  const tenant = {
    metadata: { name: 'acme', namespace: 'tenants', uid: 'u1', generation: 3 },
    spec: { workspace: 'acme-ws' },
    status,
  } as NonNullable<TestStageOptions['tenant']>;
  const action = { action: 'report-chart', reason: 'ChartNotLoaded' } as const;
  await using stage = await testStage({
    ...{ script: taking, tenant, action },
    found: { why: 'no answer', release: undefined },
  });
  await acts['report-chart'](stage.context);
  expect(stage.server.asked).toEqual([]);
  expect(stage.told).toEqual([]);
});

test('K32 Helm waits 180 s unless the operator or the Tenant says otherwise', async () => {
  await using usual = await testStage({ script: taking });
  expect(timeoutOf(usual.context, 'install')).toBe(180_000);
  await using set = await testStage({ script: taking, flags: { helmTimeout: '20s' } });
  expect(timeoutOf(set.context, 'install')).toBe(20_000);
  const scene = { ...set.context.scene, spec: { workspace: 'w', timeouts: { upgrade: '5m' } } };
  expect(timeoutOf({ ...set.context, scene }, 'upgrade')).toBe(300_000);
  expect(timeoutOf({ ...set.context, scene }, 'install')).toBe(20_000);
});

test('a Tenant that asks for a longer time than the operator allows gets that, and is told', async () => {
  await using stage = await testStage({ script: taking });
  const spec = { workspace: 'w', timeouts: { install: '999h', upgrade: '15m' } };
  const context = { ...stage.context, scene: { ...stage.context.scene, spec } };
  expect(timeoutOf(context, 'install')).toBe(900_000);
  expect(stage.told).toEqual([
    {
      ...{ type: 'Warning', reason: 'TimeoutCapped' },
      message: 'spec.timeouts.install is 999h, and --max-helm-timeout allows 900s: that is what Helm gets',
    },
  ]);
  expect(timeoutOf(context, 'upgrade')).toBe(900_000);
  expect(stage.told).toHaveLength(1);
});

test('what a chart that cannot be had leaves running is not ready while something of it is not', async () => {
  const action = { action: 'report-chart', reason: 'ChartNotLoaded' } as const;
  const found = {
    ...{ why: 'no answer', wrong: 'Deployment shop: 0 of 1 ready' },
    release: { state: 'deployed' } as Release,
  };
  await using stage = await testStage({ script: taking, action, found });
  await acts['report-chart'](stage.context);
  expect(JSON.stringify(stage.server.bodies[0])).toMatch(
    /"False","reason":"NotReady","message":"Deployment shop/,
  );
});

test.each([
  ['refuse', 'WorkspaceForbidden', 'False', 'True'],
  ['report-cluster', 'ClusterUnreachable', 'Unknown', 'Unknown'],
] as const)('%s says why, and is looked at again at the next check', async (name, reason, ready, error) => {
  const action = { action: name, reason } as const;
  await using stage = await testStage({ script: taking, action, found: { why: 'that is why' } });
  expect(await acts[name](stage.context)).toEqual({ next: 'done', afterMs: 60_000 });
  const { status } = stage.server.bodies[0] as { status: { conditions: { type: string; status: string }[] } };
  const seen = Object.fromEntries(status.conditions.map((one) => [one.type.split('/')[0], one.status]));
  expect(seen).toEqual({ ClusterReady: ready, ClusterError: error, ClusterProgress: 'False' });
  expect(stage.told.at(-1)).toEqual({ type: 'Warning', reason, message: 'that is why' });
});

const password = 'first line of it\nthe-second-line';
/** The second one lies where messages are cut. */
const secretive = `bad 4711471 ${'y'.repeat(1_935)} the-second-line`;

test.each<[string, Context['action']['action']]>([
  ['HelmUninstallFailed', 'uninstall'],
  ['TestFailed', 'run-tests'],
  ['HelmUninstallFailed', 'clear-release'],
])('%s holds nothing that came from a Secret, by line and before it is cut', async (reason, action) => {
  const folder = mkdtempSync(join(tmpdir(), 'tenants-act-'));
  try {
    const helmBinary = join(folder, 'helm');
    writeFileSync(helmBinary, `#!/bin/sh\necho "Error: ${secretive}" >&2\nexit 1\n`, { mode: 0o755 });
    await using stage = await testStage({ script: taking, action: { action, reason: 'Deleting' } });
    const logged: string[] = [];
    const world = { ...stage.context.world, helmBinary, log: (line: string) => logged.push(line) };
    world.confidential.learn(stage.context.scene.key, [{ password, pin: 4711471 }]);
    await acts[action]({ ...stage.context, world });
    const said = JSON.stringify([stage.told, stage.server.bodies, logged]);
    expect(stage.reasons()).toContain(reason);
    expect(said).toContain('***');
    expect(said).not.toMatch(/the-sec|471/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a Pod's words hold nothing that came from a Secret, also where they are folded and cut", async () => {
  const pod = {
    metadata: { name: 'shop-1', ownerReferences: [{ kind: 'StatefulSet', name: 'shop', controller: true }] },
    status: {
      containerStatuses: [
        {
          name: 'c',
          state: { terminated: { exitCode: 1, message: `${'y'.repeat(248)}  key:\nfirst  line of it\n` } },
        },
      ],
    },
  };
  await using stage = await testStage({
    script: (request, response, nth) =>
      request.url?.includes('/pods')
        ? answerJson(response, 200, { kind: 'PodList', metadata: { resourceVersion: '1' }, items: [pod] })
        : request.url?.includes('/events')
          ? answerJson(response, 200, { kind: 'EventList', metadata: { resourceVersion: '1' }, items: [] })
          : taking(request, response, nth),
    action: { action: 'await-health', reason: 'NotReady' },
    found: {
      wrong: 'Deployment shop: 0 of 1 ready',
      release: { manifest: 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop }\n' } as Release,
    },
  });
  stage.context.world.confidential.learn(stage.context.scene.key, [{ password: 'first  line of it' }]);
  await acts['await-health'](stage.context);
  const said = JSON.stringify(stage.server.bodies);
  expect(said).toContain('Failed: ended with exit code 1: yyy');
  expect(said).toContain('yyy key: ***');
  expect(said).not.toContain('first');
});

test('a correction that is refused cools by itself: what else failed keeps its time', async () => {
  const action = { action: 'correct-drift', reason: 'DriftDetected' } as const;
  const what = 'ConfigMap shop differs at /data/word';
  const metadata = { name: 'shop', namespace: 'acme-ws' };
  const drifted = [
    {
      ...{ resource: resources.configMaps, what },
      object: { apiVersion: 'v1', kind: 'ConfigMap', name: 'shop', namespace: 'acme-ws', object: {} },
      repaired: { apiVersion: 'v1', kind: 'ConfigMap', metadata },
    },
  ];
  await using stage = await testStage({
    script: (request, response, nth) =>
      (request.url?.includes('/configmaps/') ? refusing : taking)(request, response, nth),
    action,
    found: { drifted, wrong: what },
  });
  const { attempts } = stage.context.world;
  const { key } = stage.context.scene;
  for (let time = 1; time <= 3; time += 1) attempts.failed(key, 'tests', {});
  expect(await acts['correct-drift'](stage.context)).toEqual({ next: 'done', afterMs: 2_000 });
  expect(attempts.state(key, 'tests')).toBe('cooling');
  expect(attempts.remainingMs(key)).toBe(8_000);
  const waiting = { action: 'await-retry', reason: 'DriftCorrectionFailed' } as const;
  expect(await acts['await-retry']({ ...stage.context, action: waiting })).toMatchObject({ afterMs: 2_000 });
});
