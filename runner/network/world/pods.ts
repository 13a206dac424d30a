// Where the Pods of a world run, and that they really do.
import { CharterError } from '../../errors/index.ts';
import { type KubeClient, type Node, type Pod, pause, resources, systemClock } from '../../kube/index.ts';
import type { PodId } from '../verdict/index.ts';
import type { ServedPort } from './declaration.ts';
import type { RunningPod } from './expectation.ts';
import { partsOf, realNamespace } from './names.ts';

/** Milliseconds for Pods to start: an image may have to be pulled. */
const startMs = 120_000;
const goneMs = 30_000;
const lookMs = 150;

/** Hostnames of nodes that are ready: those `asked` for, else all that take ordinary Pods. Throws CHR_WORLD when there is none. */
export async function nodesFor(client: KubeClient, asked?: readonly string[]): Promise<readonly string[]> {
  const { items } = await client.list(resources.nodes);
  const ready = items.filter((node) => isReady(node) && !node.spec?.unschedulable);
  const chosen = ready.filter((node) =>
    asked === undefined ? takesPods(node) : asked.includes(node.metadata?.name ?? ''),
  );
  const missing = asked?.filter((name) => !chosen.some(({ metadata }) => metadata?.name === name)) ?? [];
  if (chosen.length === 0 || missing.length > 0) {
    const what = missing.length > 0 ? `nodes not ready: ${missing.join(', ')}` : 'no node takes Pods';
    throw new CharterError('CHR_WORLD', what, { hint: 'kubectl get nodes shows their state and taints.' });
  }
  return chosen.map(({ metadata }) => metadata?.labels?.['kubernetes.io/hostname'] ?? metadata?.name ?? '');
}

function isReady({ status }: Node): boolean {
  return status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false;
}

function takesPods({ spec }: Node): boolean {
  return !(spec?.taints ?? []).some(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute');
}

export interface Awaited {
  readonly client: KubeClient;
  readonly suffix: string;
  readonly portsOf: (id: PodId) => readonly ServedPort[];
  readonly signal?: AbortSignal | undefined;
}

/** Until all containers of all of them are ready and have addresses. Throws CHR_WORLD with the state of the first that is not. */
export async function runningPods(awaited: Awaited, ids: readonly PodId[]): Promise<readonly RunningPod[]> {
  const until = performance.now() + startMs;
  for (;;) {
    awaited.signal?.throwIfAborted();
    const pods = await podsOf(awaited, ids);
    const found = ids.map((id) => runningPod(id, pods.get(id), awaited.portsOf(id)));
    const waiting = found.find((one) => typeof one === 'string');
    if (waiting === undefined) return found.filter((one) => typeof one !== 'string');
    if (performance.now() > until) {
      throw new CharterError('CHR_WORLD', `not ready within ${startMs / 1_000} s: ${waiting}`);
    }
    await pause(systemClock, lookMs, awaited.signal);
  }
}

/** Until none of them is there. Throws CHR_WORLD. */
export async function gonePods(awaited: Awaited, ids: readonly PodId[]): Promise<void> {
  const until = performance.now() + goneMs;
  for (;;) {
    const left = await podsOf(awaited, ids);
    if (left.size === 0) return;
    if (performance.now() > until) {
      throw new CharterError(
        'CHR_WORLD',
        `not gone within ${goneMs / 1_000} s: ${[...left.keys()].join(', ')}`,
      );
    }
    await pause(systemClock, lookMs, awaited.signal);
  }
}

async function podsOf({ client, suffix }: Awaited, ids: readonly PodId[]): Promise<Map<PodId, Pod>> {
  const namespaces = [...new Set(ids.map((id) => partsOf(id).namespace))];
  const lists = await Promise.all(
    namespaces.map(async (short) => {
      const { items } = await client.list(resources.pods, { namespace: realNamespace(suffix, short) });
      return items.map((pod) => [`${short}/${pod.metadata?.name}`, pod] as const);
    }),
  );
  return new Map(lists.flat().filter(([id]) => ids.includes(id)));
}

/** A line of text: why it is not running yet. */
function runningPod(id: PodId, pod: Pod | undefined, ports: readonly ServedPort[]): RunningPod | string {
  const { metadata, spec, status } = pod ?? {};
  const containers = status?.containerStatuses ?? [];
  // One that the admission of a cluster has put into the Pod counts too, also before it has a status.
  const areReady =
    containers.length === spec?.containers?.length && containers.every(({ ready }) => ready === true);
  const waiting = containers.find(({ ready }) => ready !== true);
  const address = status?.podIP;
  if (metadata?.deletionTimestamp !== undefined || !areReady || address === undefined) {
    const why = waiting?.state?.waiting;
    const condition = status?.conditions?.find((one) => one.status === 'False' && one.message !== undefined);
    const words = [status?.phase ?? 'absent', why?.reason, why?.message, condition?.message];
    return `${id}: ${words.filter((word) => word !== undefined).join(', ')}`;
  }
  return {
    id,
    uid: metadata?.uid ?? '',
    address,
    ports,
    info: {
      namespace: metadata?.namespace ?? '',
      name: metadata?.name ?? '',
      labels: metadata?.labels ?? {},
      ips: status?.podIPs?.map(({ ip }) => ip) ?? [address],
      node: spec?.nodeName,
      nodeIps: status?.hostIPs?.map(({ ip }) => ip) ?? [],
      ports,
    },
  };
}
