// A network run with no other power than the account that the chart makes for it.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { temporaryFolder } from '../../kind/temporary.ts';
import { leftBehind, networkRun, proof } from '../../network/runs.ts';
import { type NetworkScene, networkScene } from '../../network/scene.ts';
import { fullname } from '../chart.ts';
import { type World, world } from '../world.ts';

/** Policies made and replaced, Pods and namespaces that get labels, Pods that come and go, the API server's address. */
const steps = ['changes.2', 'labels.1', 'labels.10', 'pods.4', 'services.5'];

let w: World;
let scene: NetworkScene;
let folder = '';
beforeAll(async () => {
  w = await world();
  scene = await networkScene();
  folder = temporaryFolder('network-power');
  await w.chart.install({ network: { enabled: true } });
});
afterAll(async () => {
  await w.chart.install();
  rmSync(folder, { recursive: true, force: true });
});

interface Kubeconfig {
  readonly clusters: readonly unknown[];
  readonly contexts: readonly { readonly name: string; readonly context: object }[];
}

/** As the owner's, with a token of the account. */
async function kubeconfigOfAccount(): Promise<string> {
  const token = await w.kube.text('create', 'token', `${fullname}-network`, '--duration=30m');
  const { clusters, contexts, ...rest } = parse(
    await w.kube.text('config', 'view', '--raw', '--output', 'yaml'),
  ) as Kubeconfig;
  const users = [{ name: 'account', user: { token } }];
  const ofAccount = contexts.map(({ name, context }) => ({ name, context: { ...context, user: 'account' } }));
  const file = join(folder, 'kubeconfig');
  writeFileSync(file, stringify({ ...rest, clusters, contexts: ofAccount, users }), { mode: 0o600 });
  return file;
}

test('the account that the chart makes is enough for each kind of step, and for the proof of a deny', async () => {
  const kubeconfig = await kubeconfigOfAccount();
  const asAccount = { ...scene, kubeconfig };
  const cases = steps.flatMap((step) => ['--case', step]);
  const { code, report } = await networkRun(asAccount, '--settle-ms', '60000', ...cases);
  expect(report.cases.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
  expect(code).toBe(0);
  // And the case that every node enforces.
  expect(report.cases).toHaveLength(steps.length + 1);
  expect((await proof(asAccount)).code).toBe(0);
  expect(await leftBehind(scene)).toEqual([]);
});
