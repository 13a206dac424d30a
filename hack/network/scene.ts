// What `make e2e-network` and its checks stand on: the home cluster, with the prober's image in its nodes.
import { archivesOf, tag } from '../e2e/images.ts';
import { nameOf } from '../image/images.ts';
import { controlPlaneOf, declaredClusters } from '../kind/declaration.ts';
import { startEngine } from '../kind/engine/engine.ts';
import { load } from '../kind/load.ts';
import { requireFitHost } from '../kind/preflight.ts';
import { up } from '../kind/up.ts';

export interface NetworkScene {
  readonly kubeconfig: string;
  /** Container names of the nodes. */
  readonly nodes: readonly string[];
  readonly controlPlane: string;
  readonly image: string;
}

export const probeImage = `docker.io/library/${nameOf.probe}:${tag}`;

export async function networkScene(): Promise<NetworkScene> {
  const declared = declaredClusters(['home']);
  await startEngine();
  await requireFitHost({ clusters: declared, tools: ['kind'] });
  const [[home], archives] = await Promise.all([up(declared), archivesOf(['probe'])]);
  if (home === undefined) throw new Error('clusters.yaml declares no home cluster');
  await load(archives, home.nodeNames);
  const { kubeconfig, nodeNames: nodes } = home;
  return { kubeconfig, nodes, controlPlane: controlPlaneOf(home.name), image: probeImage };
}
