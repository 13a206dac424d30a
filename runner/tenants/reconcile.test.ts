// What a failed request may and may not bring about: one look that fails says nothing of the cluster, and lets nothing go.
import { expect, test } from 'vitest';
import type { Namespace } from '../kube/index.ts';
import { answerJson, type Script } from '../kube/testing/index.ts';
import type { EngagedCluster } from './cluster/engaged.ts';
import { helmSlots } from './helm/slots.ts';
import type { OperatorWorld } from './operator-world.ts';
import { places } from './places.ts';
import { reconciler } from './reconcile.ts';
import type { Tenant } from './tenant.ts';
import { testStage } from './testing.ts';

const key = 'self-cluster|tenants|acme';
const ready: Tenant = {
  metadata: {
    ...{ name: 'acme', namespace: 'tenants', uid: 'u1', generation: 3, resourceVersion: '7' },
    finalizers: ['mesh.openkcm.io/cleanup'],
  },
  spec: { workspace: 'acme-ws' },
  status: { phase: 'Ready' },
};
const letGo: Tenant = {
  ...ready,
  metadata: {
    ...ready.metadata,
    deletionTimestamp: '2026-01-01T00:00:00Z',
    annotations: { 'mesh.openkcm.io/let-go': 'true' },
  },
};

/** Reads answer `status`; what is written is taken. */
const reads =
  (status: number): Script =>
  (request, response) =>
    request.method === 'GET'
      ? answerJson(response, status, { kind: 'Status', message: `the answer is ${status}` })
      : answerJson(response, 200, { ...ready, ...(request.url?.includes('/status') ? {} : letGo) });

interface Look {
  readonly tenant: Tenant;
  readonly script: Script;
  /** In a row, before this one. */
  readonly failures?: number;
  /** Asked at the beginning of each look, and after each that fails. */
  readonly trouble?: () => string | undefined;
  readonly world?: Partial<OperatorWorld>;
  readonly storedOn?: string;
}

async function look({ tenant, script, failures = 0, trouble = () => undefined, world = {}, storedOn }: Look) {
  await using stage = await testStage({ tenant, script });
  const cluster = {
    ...stage.context.scene.store,
    ...{ trouble, namespace: () => ({ metadata: { name: 'acme-ws' } }) as Namespace },
  } as EngagedCluster;
  const whole: OperatorWorld = {
    ...stage.context.world,
    ...{ cluster: () => cluster, clusters: () => [cluster] },
    ...world,
  };
  const { signal } = new AbortController();
  const result = await reconciler(
    whole,
    places(),
    helmSlots({ size: 1, wake: () => {} }),
  )(storedOn === undefined ? key : `${storedOn}|tenants|acme`, { signal, failures }).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  const written = stage.server.asked
    .map((line, at) => ({ line, body: stage.server.bodies[at] }))
    .filter(({ line }) => /^PATCH .*\/tenants\/acme/.test(line));
  return { result, written, text: JSON.stringify(written), reasons: stage.reasons() };
}

test.each([403, 429, 500])(
  'a Tenant that may be let go keeps its finalizer while its cluster answers, and be it %d',
  async (status) => {
    const { result, written, reasons } = await look({ tenant: letGo, script: reads(status) });
    expect(result).toMatchObject({ error: { status } });
    expect({ written, reasons }).toEqual({ written: [], reasons: [] });
  },
);

test('it is let go where the cluster itself has fallen silent, also in the middle of the look', async () => {
  let asked = 0;
  const silentAtLast = () => (asked++ === 0 ? undefined : 'no answer');
  const { written, reasons } = await look({ tenant: letGo, script: reads(500), trouble: silentAtLast });
  expect(reasons).toEqual(['LetGo']);
  expect(written.map(({ body }) => body)).toMatchObject([{ metadata: { finalizers: [] } }]);
});

test.each([0, 3])(
  'a look that failed, after %d others, changes nothing of a Tenant that is Ready',
  async (failures) => {
    const { result, written, reasons } = await look({ tenant: ready, script: reads(500), failures });
    expect(result).toMatchObject({ error: { code: 'CHR_KUBE_SERVER' } });
    expect({ written, reasons }).toEqual({ written: [], reasons: [] });
  },
);

test('the fifth look in a row that fails is said, and not as a cluster that is away', async () => {
  const { text, reasons } = await look({ tenant: ready, script: reads(403), failures: 4 });
  expect(reasons).toEqual(['PhaseSet']);
  expect(text).toMatch(
    /"ClusterReady\/self-cluster","status":"Unknown","reason":"LookFailed","message":"[^"]*403/,
  );
  expect(text).toMatch(/"ClusterError\/self-cluster","status":"Unknown","reason":"LookFailed"/);
});

test('what no one has foreseen is said once it has stopped a look five times, and at once where it stopped an action', async () => {
  const broken = () => {
    throw new TypeError('x is not a function');
  };
  const seeing = { tenant: ready, script: reads(500), world: { standing: broken, clusters: broken } };
  expect((await look(seeing)).written).toEqual([]);
  expect((await look({ ...seeing, failures: 4 })).text).toMatch(
    /"LookFailed","message":"x is not a function/,
  );
  let told = 0;
  await using acting = await testStage({ script: reads(500) });
  const recorder: OperatorWorld['recorder'] = (cluster) =>
    told++ === 0 ? broken() : acting.context.world.recorder(cluster);
  const refused: Tenant = { ...ready, spec: { workspace: 'kube-system' }, status: { phase: 'Error' } };
  const { text } = await look({ tenant: refused, script: reads(500), world: { recorder } });
  expect(text).toMatch(/"ActionFailed","message":"refuse: x is not a function/);
});

test('K46 what was rolled out while its cluster had another name stays with a reason that says what to do, and is let go of on purpose', async () => {
  const elsewhere = { spec: { workspace: 'acme-ws', clusterRef: { secretName: 'remote-old' } } };
  const deletionTimestamp = '2026-01-01T00:00:00Z';
  const going: Tenant = { ...ready, ...elsewhere, metadata: { ...ready.metadata, deletionTimestamp } };
  const on = { script: reads(200), storedOn: 'remote-new' };
  const { result, text, reasons } = await look({ ...on, tenant: going });
  expect(result).toEqual({ value: { requeueAfterMs: 15_000 } });
  expect(text).toMatch(/"ClusterError\/remote-new","status":"Unknown","reason":"ClusterRenamed"/);
  expect(text).toMatch(
    /clusterRef names Secret remote-old, and Secret remote-new is what this cluster has by now: give it the name remote-old again, or let go by the annotation mesh.openkcm.io\/let-go=true; the Tenant stays until tenant-acme-remote-old is uninstalled/,
  );
  expect(reasons).toEqual(['PhaseSet']);
  expect((await look({ ...on, tenant: { ...letGo, ...elsewhere } })).reasons).toEqual(['LetGo']);
  const others: Tenant[] = [
    { ...ready, ...elsewhere },
    { ...going, metadata: { ...going.metadata, finalizers: ['of-another'] } },
  ];
  for (const tenant of others) expect((await look({ ...on, tenant })).written).toEqual([]);
});

test('what this operator wrote stands for what the watch shows only until the watch has shown it', async () => {
  const refused: Tenant = { ...ready, spec: { workspace: 'kube-system' } };
  const at = (resourceVersion: string, tenant: Tenant): Tenant => ({
    ...tenant,
    metadata: { ...tenant.metadata, resourceVersion },
  });
  await using stage = await testStage({
    script: (_, response, nth) => {
      const { status = {} } = stage.server.bodies[nth - 1] as Pick<Tenant, 'status'>;
      answerJson(response, 200, at('100', { ...refused, status }));
    },
  });
  let shown = at('7', refused);
  const cluster = { ...stage.context.scene.store, tenant: () => shown } as EngagedCluster;
  const world = { ...stage.context.world, cluster: () => cluster, clusters: () => [cluster] };
  const reconcile = reconciler(world, places(), helmSlots({ size: 1, wake: () => {} }));
  const writes = async () => {
    await reconcile(key, { signal: new AbortController().signal, failures: 0 });
    return stage.server.asked.length;
  };
  expect(await writes()).toBe(1);
  expect(await writes(), 'the watch is behind').toBe(1);
  const { status = {} } = stage.server.bodies[0] as Tenant;
  shown = at('100', { ...refused, status });
  expect(await writes()).toBe(1);
  shown = at('50', refused);
  expect(await writes(), 'restored from a backup').toBe(2);
});

test('a Tenant that was let go is not looked at again while the watch is behind: that would grant rights in its workspace anew', async () => {
  const deleted: Tenant = {
    ...ready,
    metadata: { ...ready.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
  };
  const nothing = { kind: 'SecretList', metadata: { resourceVersion: '1' }, items: [] };
  await using stage = await testStage({
    tenant: deleted,
    script: ({ url = '' }, response) =>
      answerJson(response, 200, url.includes('/secrets') ? nothing : deleted),
  });
  let shown: Tenant | undefined = deleted;
  const namespace = () => ({ metadata: { name: 'acme-ws' } }) as Namespace;
  const cluster = { ...stage.context.scene.store, namespace, tenant: () => shown } as EngagedCluster;
  const world = { ...stage.context.world, cluster: () => cluster, clusters: () => [cluster] };
  const reconcile = reconciler(world, places(), helmSlots({ size: 1, wake: () => {} }));
  const requests = async () => {
    await reconcile(key, { signal: new AbortController().signal, failures: 0 });
    return stage.server.asked.length;
  };
  const first = await requests();
  expect(stage.server.asked.join('\n')).toMatch(/DELETE .*\/serviceaccounts\/tenant-release/);
  expect(await requests(), 'the watch is behind').toBe(first);
  shown = undefined;
  expect(await requests()).toBe(first);
  shown = deleted;
  expect(await requests(), 'restored from a backup').toBeGreaterThan(first);
});
