// Brings the scene up, or finds it up: engine, home cluster, images in its nodes, the platform ready.
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { TargetName } from '../../fixtures/platform/index.ts';
import { action } from '../kind/action.ts';
import { run } from '../kind/command.ts';
import { declaredClusters } from '../kind/declaration.ts';
import { startEngine } from '../kind/engine/engine.ts';
import { load } from '../kind/load.ts';
import { projectRoot, stateFolder } from '../kind/paths.ts';
import { up } from '../kind/up.ts';
import { Kube } from './kube.ts';
import { startOutside } from './outside.ts';
import {
  namespaceObject,
  platformImage,
  platformObjects,
  platformSecrets,
  serviceOf,
  targets,
} from './platform.ts';
import type { Setting } from './world.ts';

export async function setUp(): Promise<Setting> {
  await startEngine();
  const clusters = up(declaredClusters(['home']));
  // Both use the processor, but the cluster mostly waits.
  const [[home], archives] = await Promise.all([clusters, images()]);
  if (home === undefined) throw new Error('clusters.yaml declares no home cluster');
  await load(archives, home.nodeNames);
  await run(['docker', 'load', '--quiet', '--input', archives[1] ?? '']);
  const outside = await startOutside(home.nodeNames);
  const secrets = platformSecrets(createHash('sha256').update(hostname()).digest('hex'));
  const kube = await Kube.of(home.kubeconfig);
  await action('bring the platform up', () => bringUp(kube, secrets));
  return { kubeconfig: home.kubeconfig, nodes: home.nodeNames, outside, secrets };
}

/** Archives of the runner's and the platform's image, in this order. CHARTER_E2E_IMAGES=present takes those that lie there. */
async function images(): Promise<readonly string[]> {
  const node = join(projectRoot, 'hack', 'node');
  const main = join(projectRoot, 'hack', 'image', 'main.ts');
  if (process.env.CHARTER_E2E_IMAGES !== 'present')
    await action('build the images', () => run([node, '--no-warnings', main, 'build', '--tag', 'e2e']));
  return ['akko-charter-runner', 'akko-reference-platform'].map((name) =>
    join(stateFolder, 'images', `${name}.tar`),
  );
}

async function bringUp(kube: Kube, secrets: Readonly<Record<string, string>>): Promise<void> {
  await kube.apply([namespaceObject()]);
  await kube.apply(platformObjects(secrets));
  const image = await run(['docker', 'image', 'inspect', '--format', '{{.Id}}', platformImage]);
  const names = (Object.keys(targets) as TargetName[]).map((target) => `deployment/${serviceOf(target)}`);
  // A tag that stays the same tells a Deployment nothing of an image that changed.
  const annotations = { 'charter-runner.io/image': image };
  const patch = JSON.stringify({ spec: { template: { metadata: { annotations } } } });
  for (const name of names) await kube.text('patch', name, '--patch', patch);
  await kube.text('scale', ...names, '--replicas=1');
  for (const name of names) await kube.text('rollout', 'status', name, '--timeout=120s');
}
