// The operator of Tenants beside a plain loop of helm, and what it costs when nothing changes. Needs the scene of hack/tenants.
// A smaller one: TENANTS=10 IDLE_MINUTES=2 make bench ARGS=tenants
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { chartArchive } from '../fixtures/tenants/chart-archive.ts';
import { tool } from '../hack/kind/binaries.ts';
import { run } from '../hack/kind/command.ts';
import { Kubectl } from '../hack/tenants/kubectl.ts';
import { operatorNamespace } from '../hack/tenants/operator.ts';
import { bringUp, type Scene } from '../hack/tenants/scene.ts';
import { sceneVariable, world } from '../hack/tenants/world.ts';
import { allGone, allReady } from '../suites/tenants/many.ts';
import { Tenant } from '../suites/tenants/tenant.ts';
import { clusterNames, type Sample, type World } from '../suites/tenants/world.ts';
import { inSeconds, ratio, seconds, table } from './measure.ts';

const count = Number(process.env.TENANTS ?? 100);
const atOnce = 10;
const idleMinutes = Number(process.env.IDLE_MINUTES ?? 10);

/** As the operator exposes them; a test asks its registry. */
export const counters = {
  helmCalls: 'tenants_helm_calls_total',
  statusWrites: 'tenants_status_writes_total',
  eventsTold: 'tenants_events_total',
  requests: 'charter_kube_requests_total',
} as const;

const some = (n: number, on: (typeof clusterNames)[number], name: string) =>
  Array.from({ length: n }, (_, i) => ({ name: `${name}-${i}`, on, workspace: `${name}-ws-${i}` }));

export async function benchTenants(): Promise<void> {
  const scene = await bringUp();
  process.env[sceneVariable] = JSON.stringify(scene);
  const given = await world();
  await besidePlainHelm(given, scene);
  await manyOnThree(given);
}

/** The same 100 releases of the small chart on one remote: by the operator, then by `helm upgrade --install`, 10 at once. */
async function besidePlainHelm(given: World, scene: Scene): Promise<void> {
  const before = await given.operator.metrics();
  const tenants = some(count, 'remote-a', 'bench').map((wish) => new Tenant(given, wish));
  const operator = await seconds(async () => {
    await Promise.all(tenants.map((tenant) => tenant.apply()));
    await allReady(given, tenants, 600);
  });
  const calls = helmCalls(await given.operator.metrics()) - helmCalls(before);
  const memory = await memoryOf(given, scene);
  await removed(given, tenants);
  const plain = await plainHelm(scene.kubeconfigs['remote-a'] ?? '');
  table(
    `${count} releases of a small chart on one cluster, ${atOnce} at once`,
    ['by', 'until Ready', 'ratio', 'helm calls per release', 'memory'],
    [
      ['operator', inSeconds(operator), ratio(operator, plain), (calls / count).toFixed(1), memory],
      ['loop of helm', inSeconds(plain), '1.00x', '1.0', ''],
    ],
  );
}

async function plainHelm(kubeconfig: string): Promise<number> {
  const helm = await tool('helm');
  const folder = mkdtempSync(join(tmpdir(), 'charter-bench-tenants-'));
  const chart = join(folder, 'small.tgz');
  writeFileSync(chart, chartArchive('small', '1.0.0').bytes);
  const names = Array.from({ length: count }, (_, i) => `plain-${i}`);
  const base = ['--kubeconfig', kubeconfig];
  try {
    return await seconds(async () => {
      const queue = [...names];
      const worker = async () => {
        for (let name = queue.shift(); name !== undefined; name = queue.shift())
          await run([
            ...[helm, ...base, '--namespace', name, 'upgrade', '--install', name, chart],
            ...['--create-namespace', '--wait', '--timeout', '180s'],
          ]);
      };
      await Promise.all(Array.from({ length: atOnce }, worker));
    });
  } finally {
    const kubectl = await Kubectl.of(kubeconfig);
    await kubectl.text('delete', 'namespace', '--wait=false', ...names);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** 100 Tenants on each of three clusters, then ten minutes in which nothing changes. */
async function manyOnThree(given: World): Promise<void> {
  const tenants = clusterNames
    .flatMap((on) => some(count, on, `many-${on}`))
    .map((wish) => new Tenant(given, wish));
  const ready = await seconds(async () => {
    await Promise.all(tenants.map((tenant) => tenant.apply()));
    await allReady(given, tenants, 1_200);
  });
  await after(60_000);
  const before = await writesOf(given, tenants);
  await after(idleMinutes * 60_000);
  const now = await writesOf(given, tenants);
  const gone = await seconds(() => removed(given, tenants));
  table(
    `${count} Tenants on each of ${clusterNames.length} clusters`,
    ['Ready after', 'gone after'],
    [[`${ready.toFixed(0)} s`, `${gone.toFixed(0)} s`]],
  );
  const rows = Object.entries(now).map(([what, value]) => [
    what,
    String(value - (before[what as keyof typeof now] ?? 0)),
  ]);
  table(`${idleMinutes} idle minutes with them`, ['what', 'how many'], rows);
}

async function writesOf(given: World, tenants: readonly Tenant[]): Promise<Readonly<Record<string, number>>> {
  const samples = await given.operator.metrics();
  const versions = await Promise.all(tenants.map(async (tenant) => (await tenant.revisions()).length));
  const objects = await Promise.all(tenants.map((tenant) => tenant.object()));
  const events = await Promise.all(
    clusterNames.map((name) => given.clusters[name].list('Event', { namespace: 'tenants' })),
  );
  return {
    'helm calls': helmCalls(samples),
    'status writes': sumOf(samples, counters.statusWrites),
    'events told': sumOf(samples, counters.eventsTold),
    'helm revisions': versions.reduce((sum, one) => sum + one, 0),
    'versions of Tenants (their sum)': objects.reduce(
      (sum, one) => sum + Number(one?.metadata.resourceVersion ?? 0),
      0,
    ),
    events: events.flat().reduce((sum, { count: times }) => sum + Number(times ?? 1), 0),
    'API requests': sumOf(samples, counters.requests),
  };
}

export const sumOf = (samples: readonly Sample[], name: string): number =>
  samples.filter((sample) => sample.name === name).reduce((sum, { value }) => sum + value, 0);
const helmCalls = (samples: readonly Sample[]): number => sumOf(samples, counters.helmCalls);

async function removed(given: World, tenants: readonly Tenant[]): Promise<void> {
  await Promise.all(tenants.map((tenant) => tenant.delete()));
  await allGone(given, tenants, 600);
}

/** Of the operator's processes with their children, as the node's kernel counts it. */
async function memoryOf(given: World, scene: Scene): Promise<string> {
  const bytes = await Promise.all(
    (await given.operator.pods()).flatMap(({ metadata }) =>
      scene.homeNodes.map(async (node) => {
        const labels = `--label io.kubernetes.pod.name=${metadata.name} --label io.kubernetes.pod.namespace=${operatorNamespace}`;
        const script = `for id in $(crictl ps -q ${labels}); do crictl stats -o json --id "$id" | jq -r '.stats[0].memory.workingSetBytes.value'; done`;
        return Number((await run(['docker', 'exec', node, 'sh', '-c', script])) || 0);
      }),
    ),
  );
  return `${Math.round(Math.max(...bytes) / 1_048_576)} MiB`;
}
