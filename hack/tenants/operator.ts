// The operator at home, installed by its chart as its users do.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { within } from '../../suites/tenants/wait.ts';
import type { Operator, Sample, Thing } from '../../suites/tenants/world.ts';
import { nameOf } from '../image/images.ts';
import { tool } from '../kind/binaries.ts';
import { attempt, run } from '../kind/command.ts';
import { projectRoot } from '../kind/paths.ts';
import { temporaryFolder } from '../kind/temporary.ts';
import type { HarnessCluster } from './clusters.ts';
import { chartServer, ociRegistry } from './fixture-objects.ts';
import { Kubectl } from './kubectl.ts';

export const operatorNamespace = 'tenant-operator';
export const operatorImageTag = 'e2e';
const release = 'tenant-operator';

export interface OperatorInstall {
  readonly kubeconfig: string;
  /** Tells one build of the image from another: the tag stays the same. */
  readonly build: string;
}

/** Every scenario's start: the small chart, 20 s for Helm, charts of the fixtures allowed. */
function usualValues(build: string): object {
  return {
    image: { repository: nameOf['tenant-operator'], tag: operatorImageTag, pullPolicy: 'Never' },
    podAnnotations: { 'charter-runner.io/build': build },
    chart: { repo: `${chartServer}/plain`, name: 'small', version: '1.0.0' },
    allowedChartRepos: [`${chartServer}/`, `oci://${ociRegistry}/charts/`],
    plainHttpRegistries: [ociRegistry],
    helmTimeout: '20s',
    rbac: { valuesFromSecretNamespaces: ['tenants'] },
  };
}

export async function installOperator(
  { kubeconfig, build }: OperatorInstall,
  values: object = {},
): Promise<void> {
  const folder = temporaryFolder('values');
  try {
    const files = [usualValues(build), values].map((some, index) => {
      const file = join(folder, `${index}.yaml`);
      writeFileSync(file, stringify(some));
      return ['--values', file];
    });
    await run([
      ...[await tool('helm'), '--kubeconfig', kubeconfig, '--namespace', operatorNamespace],
      ...['upgrade', '--install', release, join(projectRoot, 'charts', 'tenant-operator')],
      ...['--create-namespace', '--wait', '--timeout', '120s', ...files.flat()],
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const deployment = { name: release, namespace: operatorNamespace };
const selector = `app.kubernetes.io/name=tenant-operator`;

export async function operatorAt(
  home: HarnessCluster,
  install: OperatorInstall,
  nodes: readonly string[],
): Promise<Operator> {
  const kubectl = await Kubectl.of(install.kubeconfig);
  const pods = () => home.list('Pod', { namespace: operatorNamespace, labels: selector });
  const settled = () =>
    kubectl.text('-n', operatorNamespace, 'rollout', 'status', `deployment/${release}`, '--timeout=90s');

  const setReplicas = (replicas: number) =>
    home.patch('Deployment', deployment, { spec: { replicas } }, { subresource: 'scale' });
  const killPod = async ({ metadata }: Thing) => {
    await Promise.all(nodes.map((node) => killProcesses(node, metadata.name)));
    // The kubelet would wait longer before each restart; a new Pod starts at once.
    const where = { name: metadata.name, namespace: operatorNamespace };
    await home.remove('Pod', where, { graceSeconds: 0 });
  };
  // Killed before anything else: a Deployment that is scaled down first asks its Pods to end, and they would put things in order.
  const crash = async () => {
    const running = await pods();
    await Promise.all(
      running.flatMap(({ metadata }) => nodes.map((node) => killProcesses(node, metadata.name))),
    );
    await setReplicas(0);
    await Promise.all(running.map(killPod));
    await within(30, 'no Pod of the operator', async () => {
      const left = await pods();
      return left.length === 0 ? {} : `${left.length} Pods`;
    });
  };

  return {
    namespace: operatorNamespace,
    pods,
    crash,
    start: async () => {
      await setReplicas(1);
      await within(60, 'a Pod of the operator runs', async () => {
        const phases = (await pods()).map(({ status }) => (status as { phase?: string }).phase);
        return phases.includes('Running') ? {} : `Pods: ${phases.join(', ') || 'none'}`;
      });
    },
    kill: async () => {
      const before = (await pods()).length;
      await crash();
      await setReplicas(before);
      await settled();
    },
    killLeader: async () => {
      const [lease] = await home.list('Lease', { namespace: operatorNamespace });
      const holder = String((lease?.spec as { holderIdentity?: string } | undefined)?.holderIdentity);
      const leader = (await pods()).find(({ metadata }) => holder.includes(metadata.name));
      if (leader === undefined) throw new Error(`no Pod of the operator is the leader ${holder}`);
      await killPod(leader);
    },
    scale: async (replicas) => {
      await setReplicas(replicas);
      await settled();
    },
    configure: (values) => installOperator(install, values),
    log: async () => {
      const words = ['logs', '-n', operatorNamespace, '--selector', selector, '--tail=-1'];
      return kubectl.text(...words);
    },
    metrics: async () => {
      // One that is about to end may be gone before it is asked.
      const standing = (await pods()).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
      const texts = await Promise.all(
        standing.map(({ metadata }) =>
          kubectl.ask(operatorNamespace, `pods/${metadata.name}:8080`, '/metrics'),
        ),
      );
      return texts.flatMap(samplesOf);
    },
  };
}

/** SIGKILL to what runs in the Pod's containers, where it is on this node. */
async function killProcesses(node: string, pod: string): Promise<void> {
  const script = `for id in $(crictl ps -q --label io.kubernetes.pod.name=${pod}); do
    kill -9 "$(crictl inspect -o go-template --template '{{.info.pid}}' "$id")"; done`;
  await attempt(['docker', 'exec', node, 'sh', '-c', script]);
}

/** The text format of Prometheus, as far as counters and gauges go. */
export function samplesOf(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined) return [];
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, of]) => [key, of]);
    return [{ name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) }];
  });
}
