// Brings the scene up, or finds it up: engine, home cluster, images in its nodes, the platform ready.
import type { TargetName } from '../../fixtures/platform/index.ts';
import { action } from '../kind/action.ts';
import { declaredClusters, podNodesOf } from '../kind/declaration.ts';
import { startEngine } from '../kind/engine/engine.ts';
import { digestOf, load, loadAhead } from '../kind/load.ts';
import { requireFitHost } from '../kind/preflight.ts';
import { up } from '../kind/up.ts';
import { archivesOf, baseArchive } from './images.ts';
import { Kube } from './kube.ts';
import { startOutside } from './outside.ts';
import { hostSecrets, namespaceObject, platformObjects, serviceOf, targets } from './platform.ts';
import type { Setting } from './world.ts';

export async function setUp(): Promise<Setting> {
  const declared = declaredClusters(['home']);
  await startEngine();
  await requireFitHost({ clusters: declared });
  const podNodes = declared.flatMap(podNodesOf);
  const clusters = up(declared);
  // Both use the processor, but the cluster mostly waits.
  const [[home], archives] = await Promise.all([clusters, imagesAhead(podNodes, clusters)]);
  if (home === undefined) throw new Error('clusters.yaml declares no home cluster');
  await load(archives, podNodes);
  const secrets = hostSecrets();
  const kube = await Kube.of(home.kubeconfig);
  const [outside] = await Promise.all([
    startOutside(home.nodeNames, archives[1] ?? ''),
    action('bring the platform up', () => bringUp(kube, secrets, archives[1] ?? '')),
  ]);
  return { kubeconfig: home.kubeconfig, nodes: home.nodeNames, outside, secrets };
}

/** The base is most of each of them, and is at hand before they are built. */
async function imagesAhead(nodes: readonly string[], made: Promise<unknown>): Promise<readonly string[]> {
  const base = await baseArchive();
  const [archives] = await Promise.all([archivesOf(['runner', 'platform']), loadAhead([base], nodes, made)]);
  await loadAhead(archives, nodes, made);
  return archives;
}

async function bringUp(
  kube: Kube,
  secrets: Readonly<Record<string, string>>,
  archive: string,
): Promise<void> {
  await kube.apply([namespaceObject()]);
  // A tag that stays the same tells a Deployment nothing of an image that changed.
  await kube.apply(platformObjects(secrets, await digestOf(archive)));
  // Of runs before this one; those that run on would hold the lock.
  await kube.text('delete', 'jobs', '--all', '--wait', '--timeout=90s');
  const names = (Object.keys(targets) as TargetName[]).map((target) => `deployment/${serviceOf(target)}`);
  // kind waits for nodes only: where CoreDNS first misses the API server, names are known 15 s later than the platform is ready.
  const dns = ['deployment/coredns', '--namespace=kube-system'];
  const ready = (...what: readonly string[]) => kube.text('rollout', 'status', ...what, '--timeout=120s');
  await Promise.all([ready(...dns), ...names.map((name) => ready(name))]);
}
