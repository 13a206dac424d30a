// The world of suites/tenants/world.ts, made of the scene that stands: imported by name in the process that runs the campaign.
import { chartArchive } from '../../fixtures/tenants/chart-archive.ts';
import { ociManifest } from '../../fixtures/tenants/oci-push.ts';
import { faultedOf } from '../../fixtures/tenants/proxy-faults.ts';
import { within } from '../../suites/tenants/wait.ts';
import {
  type ClusterName,
  clusterNames,
  type NetworkFault,
  remotes,
  type Thing,
  type World,
} from '../../suites/tenants/world.ts';
import { type HarnessCluster, harnessCluster } from './clusters.ts';
import { chartServer, ociRegistry } from './fixture-objects.ts';
import { Kubectl } from './kubectl.ts';
import { fixturesNamespace } from './network.ts';
import { operatorAt } from './operator.ts';
import { proberIn } from './prober.ts';
import type { Scene } from './scene.ts';

export const sceneVariable = 'CHARTER_TENANTS_SCENE';

export async function world(): Promise<World> {
  const given = process.env[sceneVariable];
  if (given === undefined) throw new Error(`${sceneVariable} is not set: run hack/tenants/main.ts`);
  const scene = JSON.parse(given) as Scene;
  const kubeconfigOf = (name: ClusterName): string => {
    const file = scene.kubeconfigs[name];
    if (file === undefined) throw new Error(`the scene has no cluster ${name}`);
    return file;
  };
  const clusters = Object.fromEntries(
    clusterNames.map((name) => [name, harnessCluster(name, kubeconfigOf(name))]),
  ) as Record<ClusterName, HarnessCluster>;
  const kubectl = await Kubectl.of(kubeconfigOf('home'));
  const tell = (service: string, path: string, order: object) =>
    kubectl.tell(fixturesNamespace, service, path, order);
  const setNetwork = (faults: Readonly<Record<string, NetworkFault>>) => tell('fault-proxy', '/', faults);
  const inventory = async () =>
    (await Promise.all(Object.values(clusters).map((cluster) => cluster.inventory()))).flat();
  const install = { kubeconfig: kubeconfigOf('home'), build: scene.operatorBuild };
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'tenants' } };
  for (const cluster of Object.values(clusters)) {
    await cluster.apply(namespace);
    await within(90, `the operator has engaged ${cluster.name}`, async () => {
      const crd = await cluster.find('CustomResourceDefinition', { name: 'tenants.mesh.openkcm.io' });
      return crd ?? 'no CRD of Tenants';
    });
  }
  return {
    clusters,
    operator: await operatorAt(clusters.home, install, scene.homeNodes),
    charts: {
      repository: (name) => `${chartServer}/${name}`,
      set: (repository, fault) => tell('charts', '/-/faults', { repository, fault }),
      requests: async () =>
        JSON.parse(await kubectl.ask(fixturesNamespace, 'services/charts', '/-/requests')),
      oci: async (name, version) =>
        `oci://${ociRegistry}/charts/${name}@${ociManifest(chartArchive(name, version)).digest}`,
    },
    network: {
      set: (cluster, fault) => setNetwork({ [cluster]: fault }),
      calm: () => setNetwork(Object.fromEntries(remotes.map((name) => [name, {}]))),
      counts: () => kubectl.ask(fixturesNamespace, 'services/fault-proxy', '/'),
      faulted: async (cluster) =>
        faultedOf(await kubectl.ask(fixturesNamespace, 'services/fault-proxy', '/'), cluster),
    },
    prober: (cluster) => proberIn(kubeconfigOf(cluster)),
    kubeconfigSecret: (cluster) => {
      const secret = scene.secrets.find(({ metadata }) => metadata.name === cluster);
      if (secret === undefined) throw new Error(`no Secret leads to ${cluster}`);
      return secret as Thing;
    },
    baseline: await inventory(),
    inventory,
  };
}
