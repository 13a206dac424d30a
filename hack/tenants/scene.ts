// Brings up what scenarios stand on, or finds it up: three clusters, fixtures and operator at home, Secrets that lead to the remotes.

import type { ClusterName, Thing } from '../../suites/tenants/world.ts';
import { archivesOf } from '../e2e/images.ts';
import { filesOf, nameOf } from '../image/images.ts';
import { action } from '../kind/action.ts';
import { run } from '../kind/command.ts';
import { declaredClusters } from '../kind/declaration.ts';
import { startEngine } from '../kind/engine/engine.ts';
import { digestOf, load } from '../kind/load.ts';
import { projectRoot } from '../kind/paths.ts';
import { requireFitHost } from '../kind/preflight.ts';
import { type RunningCluster, up } from '../kind/up.ts';
import { type HarnessCluster, harnessCluster } from './clusters.ts';
import { requireNoDebris } from './debris.ts';
import { fixtureObjects } from './fixture-objects.ts';
import { fixturesArchive } from './fixtures-image.ts';
import { Kubectl } from './kubectl.ts';
import { fixturesNamespace, type Passages, passagesTo } from './network.ts';
import { installOperator, operatorImageTag, operatorNamespace } from './operator.ts';
import { remoteSecret } from './secret-of-remote.ts';

/** Handed to the process that runs the campaign. */
export interface Scene {
  /** By name of the cluster. */
  readonly kubeconfigs: Readonly<Record<string, string>>;
  readonly homeNodes: readonly string[];
  readonly secrets: readonly Thing[];
  /** Tells one build of the operator's image from another. */
  readonly operatorBuild: string;
}

export async function bringUp(): Promise<Scene> {
  const declared = declaredClusters(['home', 'remote-a', 'remote-b']);
  await startEngine();
  await requireFitHost({ clusters: declared });
  const [clusters, fixtures, operator, probes] = await Promise.all([
    up(declared),
    fixturesArchive(),
    operatorArchive(),
    archivesOf(['probe']),
  ]);
  const home = clusters.find(({ role }) => role === 'home');
  if (home === undefined) throw new Error('clusters.yaml declares no home cluster');
  const remotes = clusters.filter(({ role }) => role === 'remote');
  await action('nothing of earlier runs', () => clean(clusters));
  await load(
    [fixtures, ...probes],
    clusters.flatMap(({ nodeNames }) => nodeNames),
  );
  await load([operator], home.nodeNames);
  const passages = await passagesTo(remotes);
  const at = harnessCluster('home', home.kubeconfig);
  try {
    await action('chart server, registry and fault proxy', async () =>
      standUp(at, home, fixtureObjects(passages, await digestOf(fixtures))),
    );
    const secrets = kubeconfigSecrets(passages);
    // Rights in `tenants` are part of the chart.
    for (const name of [operatorNamespace, 'tenants'])
      await at.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    for (const secret of secrets) await at.apply(secret);
    const operatorBuild = await digestOf(operator);
    await action('operator', () => installOperator({ kubeconfig: home.kubeconfig, build: operatorBuild }));
    const kubeconfigs = Object.fromEntries(clusters.map(({ name, kubeconfig }) => [name, kubeconfig]));
    return { kubeconfigs, homeNodes: home.nodeNames, secrets, operatorBuild };
  } finally {
    await at.close();
  }
}

/** Before the operator is touched. Once a run: a process of the runner that takes the place of another finds what a red case left, which is told already. */
async function clean(clusters: readonly RunningCluster[]): Promise<void> {
  const eyes = clusters.map(({ name, kubeconfig }) => harnessCluster(name as ClusterName, kubeconfig));
  try {
    requireNoDebris((await Promise.all(eyes.map((cluster) => cluster.inventory()))).flat());
  } finally {
    await Promise.all(eyes.map((cluster) => cluster.close()));
  }
}

/** `TENANT_OPERATOR_ARCHIVE` names one that was built elsewhere, tagged as the scene expects it. */
async function operatorArchive(): Promise<string> {
  const given = process.env.TENANT_OPERATOR_ARCHIVE;
  if (given !== undefined) return given;
  const words = ['hack/image/main.ts', 'build', '--target', 'tenant-operator', '--tag', operatorImageTag];
  await run([process.execPath, '--no-warnings', ...words], { cwd: projectRoot });
  return filesOf(nameOf['tenant-operator']).archive;
}

async function standUp(at: HarnessCluster, home: RunningCluster, objects: readonly Thing[]): Promise<void> {
  for (const object of objects) await at.apply(object);
  const kubectl = await Kubectl.of(home.kubeconfig);
  for (const name of ['charts', 'fault-proxy'])
    await kubectl.text('-n', fixturesNamespace, 'rollout', 'status', `deployment/${name}`, '--timeout=120s');
}

export function kubeconfigSecrets({ passages }: Passages): readonly Thing[] {
  return passages.map(({ remote, kubeconfig }) => remoteSecret(remote, operatorNamespace, kubeconfig));
}
