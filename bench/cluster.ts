// In real clusters: three at once beside the same three one after another by plain kind, and what a run in a Pod takes.
import { cpSync, rmSync, writeFileSync } from 'node:fs';
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
import { type RunningCluster, up } from '../hack/kind/up.ts';
import { ratio, table } from './measure.ts';

const seconds = async (act: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await act();
  return (performance.now() - start) / 1_000;
};

async function engineAnswers(what: string): Promise<boolean> {
  const isThere = (await attempt(['docker', 'info'])).code === 0;
  if (!isThere) process.stdout.write(`\n${what}: not measured, no Docker engine answers (make engine)\n`);
  return isThere;
}

export async function benchClusters(): Promise<void> {
  if (!(await engineAnswers('clusters'))) return;
  const declared = declaredClusters();
  const plain = declared.map((cluster) => ({ ...cluster, name: `bench-${cluster.name}` }));
  process.stdout.write(
    `\nremoving clusters ${declared.map(({ name }) => name).join(', ')} to make them anew\n`,
  );
  try {
    await down(declared);
    const ready: RunningCluster[] = [];
    const atOnce = await seconds(async () => ready.push(...(await up(declared))));
    const loads = await loading(ready);
    await down(declared);
    const inTurn = await seconds(() => oneAfterAnother(plain));
    const row = [`${declared.length} clusters`, inSeconds(atOnce), inSeconds(inTurn), ratio(atOnce, inTurn)];
    table(
      'clusters: side by side, beside plain kind one after another',
      ['made', 'harness', 'kind', 'ratio'],
      [row],
    );
    table(
      'the base of the images into their nodes',
      ['clusters', 'nodes', 'time', 'each further cluster'],
      loads,
    );
  } finally {
    await down([...declared, ...plain]);
  }
}

const inSeconds = (value: number): string => `${value.toFixed(1)} s`;

async function oneAfterAnother(clusters: readonly Cluster[]): Promise<void> {
  const { image } = await nodeImage();
  const kind = await tool('kind');
  const folder = temporaryFolder('bench');
  try {
    for (const { name, nodes } of clusters) {
      const config = join(folder, `${name}.yaml`);
      const roles = ['control-plane', ...Array.from({ length: nodes - 1 }, () => 'worker')];
      const list = roles.map((role) => `  - role: ${role}\n`).join('');
      writeFileSync(config, `kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes:\n${list}`);
      const words = ['create', 'cluster', '--name', kindName(name), '--image', image, '--config', config];
      await run([kind, ...words, '--wait', '180s', '--kubeconfig', join(folder, 'kubeconfig')]);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The base of the images, into one cluster and then, as an archive of another name, into all. */
async function loading(clusters: readonly RunningCluster[]): Promise<readonly (readonly string[])[]> {
  const base = await baseImage(await chooseBuilder(workFolder('store')));
  const folder = temporaryFolder('bench');
  try {
    const again = join(folder, 'again.tar');
    cpSync(base.archive, again);
    const [first, ...others] = clusters;
    const alone = first?.nodeNames ?? [];
    const all = clusters.flatMap(({ nodeNames }) => nodeNames);
    const one = await seconds(() => load([base.archive], alone));
    await run(['tar', '-rf', again, '-C', import.meta.dirname, 'measure.ts']);
    const each = await seconds(() => load([again], all));
    return [
      ['1', `${alone.length}`, inSeconds(one), ''],
      [`${clusters.length}`, `${all.length}`, inSeconds(each), inSeconds((each - one) / others.length)],
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
