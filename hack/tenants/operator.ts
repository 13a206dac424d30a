// The operator at home, installed by its chart as its users do.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Operator, Sample } from '../../suites/tenants/world.ts';
import { nameOf } from '../image/images.ts';
import { tool } from '../kind/binaries.ts';
import { attempt, run } from '../kind/command.ts';
import { projectRoot } from '../kind/paths.ts';
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
  };
}

export async function installOperator(
  { kubeconfig, build }: OperatorInstall,
  values: object = {},
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), `charter-kind-values-${process.pid}-`));
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

  return {
    namespace: operatorNamespace,
    pods,
    kill: async () => {
      const before = await pods();
      await Promise.all(nodes.map(killProcesses));
      // The kubelet would wait longer before each restart; a new Pod starts at once.
      for (const { metadata } of before)
        await home.remove('Pod', { name: metadata.name, namespace: operatorNamespace }, { graceSeconds: 0 });
      await settled();
    },
    scale: async (replicas) => {
      await home.patch(
        'Deployment',
        { name: release, namespace: operatorNamespace },
        { spec: { replicas } },
        { subresource: 'scale' },
      );
      await settled();
    },
    configure: (values) => installOperator(install, values),
    log: async () => {
      const words = ['logs', '-n', operatorNamespace, '--selector', selector, '--tail=-1'];
      return kubectl.text(...words);
    },
    metrics: async () => {
      const texts = await Promise.all(
        (await pods()).map(({ metadata }) =>
          kubectl.ask(operatorNamespace, `pods/${metadata.name}:8080`, '/metrics').catch(() => ''),
        ),
      );
      return texts.flatMap(samplesOf);
    },
  };
}

/** SIGKILL to what runs in the operator's containers on this node. */
async function killProcesses(node: string): Promise<void> {
  const script = `for id in $(crictl ps -q --label io.kubernetes.pod.namespace=${operatorNamespace}); do
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
