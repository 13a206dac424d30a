// Opens a world: namespaces, Pods, plan, and the proof that all talk and that this engine denies. What is half open when something
// fails is removed again.
import { type ClusterAccess, connectWithLogs } from '../../kube/index.ts';
import type { PodId } from '../verdict/index.ts';
import { publishPlan, type Stage, startPods } from './bring-about.ts';
import type { ServedPort } from './declaration.ts';
import { controlNamespace, isControl, newSuffix, realNamespace } from './names.ts';
import { namespaceObject } from './objects.ts';
import { nodesFor } from './pods.ts';
import { Probers } from './probers.ts';
import { prove } from './prove.ts';
import { Stepper } from './stepper.ts';
import { removeWorld, sweepWorlds } from './sweep.ts';
import type { World, WorldOptions } from './world.ts';
import { Writer } from './writer.ts';

const usualPorts: readonly ServedPort[] = [80, 81].flatMap((port) => [
  { port, protocol: 'TCP' as const, name: `serve-${port}-tcp` },
  { port, protocol: 'UDP' as const, name: `serve-${port}-udp` },
]);

const usualSettleMs = 15_000;

/**
 * Throws CharterError: CHR_WORLD when Pods do not start, or do not reach each other without policies, CHR_KUBE_… for what the API server
 * refuses, CHR_KUBECONFIG.
 */
export async function openWorld(options: WorldOptions): Promise<World> {
  const access = connectWithLogs(options.cluster);
  const { suffix = newSuffix() } = options;
  const { namespaces = ['x', 'y', 'z'], pods = ['a', 'b', 'c'] } = options;
  const ids = namespaces.flatMap((namespace) => pods.map((pod) => `${namespace}/${pod}`));
  let half: Stage | undefined;
  try {
    await sweepWorlds(access.client, 'expired');
    const nodes = await nodesFor(access.client, options.nodes);
    const controls = nodes.map((_, index) => `${controlNamespace}/${index}`);
    const stage = stageOf(access, options, { suffix, nodes, ids });
    half = stage;
    const all = [...namespaces, controlNamespace];
    await Promise.all(
      all.map((short) => stage.writer.createNamespace(namespaceObject(suffix, short, new Date()))),
    );
    await startPods(stage, new Map([...ids, ...controls].map((id) => [id, {}])), 'world');
    await publishPlan(stage);
    const { signal, settleMs = usualSettleMs, outside = [] } = options;
    const stepper = new Stepper(stage, { namespaces, pods: ids, outside, settleMs, signal });
    return worldOf(access, stage, stepper, await prove(stepper, stage));
  } catch (error) {
    half?.probers.removeAll();
    await sweepWorlds(access.client, { suffix }).catch(() => {});
    await access.close();
    throw error;
  }
}

/** Two of them last a little longer than a client waits for a refusal: it is there when the first probe leaves, not in the middle of a cycle. */
const usualCycleMs = 520;

interface Dealt {
  readonly suffix: string;
  readonly nodes: readonly string[];
  readonly ids: readonly PodId[];
}

function stageOf(access: ClusterAccess, options: WorldOptions, { suffix, nodes, ids }: Dealt): Stage {
  const {
    image,
    imagePullPolicy = 'IfNotPresent',
    ports = usualPorts,
    cycleMs = usualCycleMs,
    timeoutMs = 700,
    settleMs = usualSettleMs,
  } = options;
  const portsOf = (id: PodId) => options.portsOf?.[id] ?? ports;
  const outside = options.outside ?? [];
  // Control peers are one per node; Pods of later steps come after those of the world.
  const placeOf = (id: PodId) =>
    isControl(id) ? Number(id.split('/')[1]) : ids.includes(id) ? ids.indexOf(id) : ids.length;
  return {
    client: access.client,
    suffix,
    portsOf,
    signal: options.signal,
    writer: new Writer(access.client),
    probers: new Probers({ follow: access.follow, outside, cycleMs, timeoutMs, settleMs }),
    settingsOf: (id) => ({
      ...{ suffix, image, imagePullPolicy, ports: portsOf(id) },
      node: nodes[placeOf(id) % nodes.length],
      faults: options.faults?.[id],
    }),
  };
}

function worldOf(
  access: ClusterAccess,
  { suffix, probers }: Stage,
  stepper: Stepper,
  calibration: World['calibration'],
): World {
  return {
    ...{ suffix, calibration },
    names: {
      namespace: (short) => realNamespace(suffix, short),
      address: (id) => probers.pods.find((pod) => pod.id === id)?.address ?? '',
    },
    pods: () => probers.pods.map(({ info }) => info),
    expected: (declaration) => stepper.expected(declaration).map(({ model }) => model),
    step: (declaration) => stepper.step(declaration),
    close: async () => {
      probers.removeAll();
      await removeWorld(access.client, suffix).finally(access.close);
    },
  };
}
