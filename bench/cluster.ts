// In real clusters: three at once beside the same three one after another by plain kind, and what a run in a Pod takes.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setUp } from '../hack/e2e/setup.ts';
import { settingVariable, world } from '../hack/e2e/world.ts';
import { baseImage } from '../hack/image/base.ts';
import { chooseBuilder } from '../hack/image/builder.ts';
import { workFolder } from '../hack/image/images.ts';
import { tool } from '../hack/kind/binaries.ts';
import { attempt, run } from '../hack/kind/command.ts';
import { type Cluster, declaredClusters, kindName } from '../hack/kind/declaration.ts';
import { down } from '../hack/kind/down.ts';
import { load } from '../hack/kind/load.ts';
import { nodeImage } from '../hack/kind/node-image/index.ts';
import { temporaryFolder } from '../hack/kind/temporary.ts';
import { up } from '../hack/kind/up.ts';
import { loadingRows } from './loading.ts';
import { inSeconds, ratio, seconds, table } from './measure.ts';

async function engineAnswers(what: string): Promise<boolean> {
  const isThere = (await attempt(['docker', 'info'])).code === 0;
  if (!isThere) process.stdout.write(`\n${what}: not measured, no Docker engine answers (make engine)\n`);
  return isThere;
}

export async function benchClusters(): Promise<void> {
  if (!(await engineAnswers('clusters'))) return;
  const declared = declaredClusters();
  // By these folders a sweep finds the clusters, should this process be killed.
  const plain = new Map(
    declared.map((cluster) => {
      const name = `bench-${cluster.name}`;
      return [{ ...cluster, name }, temporaryFolder(`up-${name}`)];
    }),
  );
  process.stdout.write(
    `\nremoving clusters ${declared.map(({ name }) => name).join(', ')} to make them anew\n`,
  );
  const removeAll = () => down([...declared, ...plain.keys()]);
  try {
    await removeAll();
    const atOnce = await seconds(() => up(declared));
    const loads = await loading(declared);
    await down(declared);
    const inTurn = await seconds(() => oneAfterAnother(plain));
    const row = [`${declared.length} clusters`, inSeconds(atOnce), inSeconds(inTurn), ratio(atOnce, inTurn)];
    table(
      'clusters: side by side, beside plain kind one after another',
      ['made', 'harness', 'kind', 'ratio'],
      [row],
    );
    table(
      'an image as big as the base of ours, that no node holds, into the nodes that Pods run on (aim: 3 s for each further cluster)',
      ['clusters', 'nodes', 'time', 'more than with one cluster less'],
      loads,
    );
  } finally {
    await removeAll();
    for (const folder of plain.values()) rmSync(folder, { recursive: true, force: true });
  }
}

/** Each with its folder: configuration and kubeconfig. */
async function oneAfterAnother(plain: ReadonlyMap<Cluster, string>): Promise<void> {
  const { image } = await nodeImage();
  const kind = await tool('kind');
  for (const [{ name, nodes }, folder] of plain) {
    const config = join(folder, 'kind.yaml');
    const roles = ['control-plane', ...Array.from({ length: nodes - 1 }, () => 'worker')];
    const list = roles.map((role) => `  - role: ${role}\n`).join('');
    writeFileSync(config, `kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes:\n${list}`);
    const words = ['create', 'cluster', '--name', kindName(name), '--image', image, '--config', config];
    await run([kind, ...words, '--wait', '180s', '--kubeconfig', join(folder, 'kubeconfig')]);
  }
}

/** An image as big as the base of ours. */
async function loading(clusters: readonly Cluster[]): Promise<readonly (readonly string[])[]> {
  const { archive } = await baseImage(await chooseBuilder(workFolder('store')));
  const rows = await loadingRows(archive, clusters, (fresh, nodes) => seconds(() => load([fresh], nodes)));
  return rows.map(({ clusters: count, nodes, seconds: time, added }) => [
    ...[`${count}`, `${nodes}`, inSeconds(time)],
    added === undefined ? '' : inSeconds(added),
  ]);
}

/** Milliseconds between two times of a journal or an object. */
const between = (from: string, to: string): number => Date.parse(to) - Date.parse(from);

/** The API server knows the second, the node's runtime the nanosecond. */
async function containerStart(node: string, pod: string): Promise<string> {
  const script = `crictl inspect $(crictl ps -a -q --label io.kubernetes.pod.name=${pod}) | jq -r .status.startedAt`;
  return run(['docker', 'exec', node, 'sh', '-c', script]);
}

export async function benchPod(): Promise<void> {
  if (!(await engineAnswers('a run in a Pod'))) return;
  process.env[settingVariable] = JSON.stringify(await setUp());
  const { chart, runs, results, worker } = await world();
  await chart.install();
  const rows: string[][] = [];
  for (let round = 1; round <= 3; round += 1) {
    let job = '';
    const whole = await seconds(async () => {
      job = await runs.start('bench');
      await runs.ended(job);
    });
    const file = (await results.files()).find(
      (name) => name.startsWith(`charter-${job}`) && name.endsWith('.jsonl'),
    );
    const journal = await results.journal(file ?? '');
    const at = (event: string) => journal.find((line) => line.event === event)?.at ?? '';
    const [pod] = await runs.pods(job);
    const first = between(await containerStart(worker, pod?.metadata.name ?? ''), at('case-ended'));
    const all = between(at('run-started'), at('run-ended'));
    rows.push([
      `run ${round}`,
      `${first} ms`,
      `${(all / 1_000).toFixed(1)} s`,
      `${whole.toFixed(1)} s`,
      ratio(whole * 1_000, all),
    ]);
  }
  table(
    'a run in a Pod: first case result after the start of the container, all cases, verdict after kubectl create job',
    ['run', 'first case', 'all cases', 'verdict', 'ratio'],
    rows,
  );
}
