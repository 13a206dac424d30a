// What is remembered of a live object, and what may not be seen of one.
import { expect, test } from 'vitest';
import { answerJson, type Script } from '../../kube/testing/index.ts';
import type { EngagedCluster } from '../cluster/engaged.ts';
import type { ReleasedObject } from '../drift/manifest.ts';
import type { Scene } from '../operator-world.ts';
import { testStage } from '../testing.ts';
import { type LiveLook, liveFindings } from './live.ts';

const configMap = (data: object) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'plain' },
  data,
});
const live = {
  ...configMap({ size: '9', word: 'b' }),
  metadata: {
    ...{ name: 'plain', namespace: 'acme-ws', uid: 'c', resourceVersion: '5' },
    labels: { 'app.kubernetes.io/managed-by': 'Helm' },
    annotations: {
      'meta.helm.sh/release-name': 'tenant-acme-self-cluster',
      'meta.helm.sh/release-namespace': 'acme-ws',
    },
  },
};
const released = (data: object): ReleasedObject => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', name: 'plain', namespace: undefined, object: configMap(data) },
});

type Detection = Scene['spec']['driftDetection'];
type LookAt = (asked: object, detection?: Detection) => ReturnType<typeof liveFindings>;

/** Looks with one memory, at an object that a watch knows, too; a dry run is answered with `size` as it was asked for. */
async function looking(read: 200 | 403, see: (look: LookAt, dryRuns: () => number) => Promise<void>) {
  const script: Script = ({ method, url = '' }, response, nth) => {
    if (url === '/api/v1') {
      const resources = [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true, verbs: ['get'] }];
      return answerJson(response, 200, { kind: 'APIResourceList', groupVersion: 'v1', resources });
    }
    if (method === 'GET') return answerJson(response, read, read === 200 ? live : { kind: 'Status' });
    const { data } = stage.server.bodies[nth - 1] as { data: { size: string } };
    answerJson(response, 200, { ...live, data: { ...live.data, size: data.size } });
  };
  await using stage = await testStage({ script });
  const { scene } = stage.context;
  const get = () => (read === 200 ? live : 'unwatched');
  const target = { ...scene.store, live: { get } } as unknown as EngagedCluster;
  const proven: LiveLook['proven'] = new Set();
  const look: LookAt = (asked, driftDetection) =>
    liveFindings({
      ...{ target, proven, objects: [released(asked)] },
      scene: { ...scene, spec: { ...scene.spec, driftDetection } },
    });
  await see(look, () => stage.server.asked.filter((line) => line.startsWith('PATCH')).length);
}

const asked = { size: '3', word: 'a' };

test('what was found to be fine under a rule of what is left alone is asked for anew without the rule', async () => {
  await looking(200, async (look, dryRuns) => {
    const ignoring: Detection = { ignore: [{ paths: ['/data/size'] }] };
    expect((await look(asked, ignoring)).drifted).toEqual([]);
    expect((await look(asked, ignoring)).drifted).toEqual([]);
    expect(dryRuns(), 'the same question is asked once').toBe(1);
    const { drifted } = await look(asked);
    expect(drifted.map(({ what }) => what)).toEqual(['ConfigMap plain differs at /data/size, /data/word']);
  });
});

test('what was found to be as one revision asks for says nothing of another', async () => {
  await looking(200, async (look) => {
    expect((await look({ size: '9', word: 'a' })).drifted).toEqual([]);
    expect((await look({ size: '8', word: 'a' })).drifted).toHaveLength(1);
  });
});

test('an object that may not be read is not called ready', async () => {
  await looking(403, async (look) => {
    expect(await look(asked)).toEqual({ drifted: [], unready: ['ConfigMap plain: it may not be read'] });
  });
});
