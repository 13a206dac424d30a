// A Tenant whose cluster has got another name: what it rolled out under the older one.
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Namespace, Secret } from '../../kube/index.ts';
import { answerJson } from '../../kube/testing/index.ts';
import type { EngagedCluster } from '../cluster/engaged.ts';
import { decide } from '../decide/decide.ts';
import { releaseName } from '../names.ts';
import type { Tenant } from '../tenant.ts';
import { testStage } from '../testing.ts';
import { observer } from './observe.ts';

const mine: Tenant = {
  metadata: {
    ...{ name: 'acme', namespace: 'tenants', uid: 'u1', generation: 1 },
    finalizers: ['mesh.openkcm.io/cleanup'],
  },
  spec: { workspace: 'acme-ws' },
};

function release(name: string, uid: string): Secret {
  const packed = gzipSync(JSON.stringify({ name, version: 1 })).toString('base64');
  const labels = { owner: 'helm', name, version: '1', status: 'deployed', 'mesh.openkcm.io/tenant': uid };
  return {
    metadata: { name: `sh.helm.release.v1.${name}.v1`, labels },
    data: { release: Buffer.from(packed).toString('base64') },
  };
}

/** What is decided for it, look after look, by one operator to which its cluster has these names in turn. */
async function lookedAt(names: readonly string[], releases: Secret[], between: () => void = () => {}) {
  await using stage = await testStage({
    tenant: mine,
    script: ({ url = '' }, response) => {
      if (!url.startsWith('/api/v1/namespaces/acme-ws/secrets')) return answerJson(response, 200, {});
      const wanted = /[=,]name=([^,&]*)/.exec(decodeURIComponent(url))?.[1];
      const items = releases.filter(
        ({ metadata }) => wanted === undefined || metadata?.labels?.name === wanted,
      );
      answerJson(response, 200, { kind: 'SecretList', metadata: { resourceVersion: '1' }, items });
    },
  });
  const namespace = () => ({ metadata: { name: 'acme-ws' } }) as Namespace;
  const cluster = { ...stage.context.scene.store, namespace } as EngagedCluster;
  const observe = observer({ ...stage.context.world, clusters: () => [cluster], cluster: () => cluster });
  const looks: string[] = [];
  for (const targetName of names) {
    const found = await observe({
      ...stage.context.scene,
      ...{ store: cluster, target: cluster, targetName, release: releaseName('acme', targetName) },
    });
    const { action, reason } = decide(found.observed);
    looks.push(reason === 'ClusterRenamed' ? `${action}: ${found.why}` : reason);
    between();
  }
  return { looks, lists: stage.server.asked.filter((line) => line.includes('/secrets')).length };
}

const why = (former: string, now: string) =>
  `report-cluster: release ${former} in acme-ws was rolled out when this cluster had another name: give Secret ${now} that name again, or take the release away: helm uninstall ${former} -n acme-ws`;

test('what it rolled out while its cluster had another name is told, and nothing is rolled out beside it', async () => {
  const { looks } = await lookedAt(['new', 'new'], [release('tenant-acme-old', 'u1')]);
  expect(looks).toEqual(Array(2).fill(why('tenant-acme-old', 'new')));
});

test('once it is gone all goes on; a name that comes back is looked at anew, and one that stays is not', async () => {
  const releases = [release('tenant-acme-old', 'u1')];
  const after = [() => releases.splice(0), () => {}, () => releases.push(release('tenant-acme-new', 'u1'))];
  const { looks, lists } = await lookedAt(['new', 'new', 'new', 'old'], releases, () => after.shift()?.());
  expect(looks[0]).toBe(why('tenant-acme-old', 'new'));
  expect(looks.slice(1, 3)).not.toContainEqual(expect.stringContaining('report-cluster'));
  expect(looks[3]).toBe(why('tenant-acme-new', 'old'));
  expect(lists, 'one for each look, and one more for each look but the third').toBe(7);
});

test.each([
  ['of another Tenant', release('tenant-acme-old', 'u2')],
  ['that cannot be its own, whatever its label says', release('of-nobody', 'u1')],
])('a release %s keeps nothing back', async (_, other) => {
  const { looks } = await lookedAt(['new'], [other]);
  expect(looks).not.toContainEqual(expect.stringContaining('report-cluster'));
});
