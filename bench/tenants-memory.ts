// Memory of the operator's container, which Helm's processes are part of: they live for moments, so it is looked at all the time.
import { setTimeout as after } from 'node:timers/promises';
import { run } from '../hack/kind/command.ts';
import type { Operator, Thing } from '../suites/tenants/world.ts';
import { standingPods } from './tenants-operator.ts';

export interface Peak<Result> {
  readonly result: Result;
  /** The largest of `looks`, in bytes. */
  readonly peak: number;
  readonly looks: number;
}

/** Looks before `act` and each `pauseMs` until its end. An error of `act` comes before one of `look`. */
export async function peakDuring<Result>(
  look: () => Promise<number>,
  act: () => Promise<Result>,
  pauseMs = 1_000,
): Promise<Peak<Result>> {
  const end = new AbortController();
  const seen: number[] = [];
  const looking = async () => {
    do {
      seen.push(await look());
      await after(pauseMs, undefined, { signal: end.signal }).catch(() => {});
    } while (!end.signal.aborted);
  };
  const [acted, looked] = await Promise.allSettled([act().finally(() => end.abort()), looking()]);
  if (acted.status === 'rejected') throw acted.reason;
  if (looked.status === 'rejected') throw looked.reason;
  return { result: acted.value, peak: Math.max(...seen), looks: seen.length };
}

/** Of the operator's Pod; of the larger one where there are two. */
export async function memoryOf(operator: Operator): Promise<number> {
  const pods = await standingPods(operator);
  if (pods.length === 0) throw new Error('memory of the operator: it has no Pod');
  return Math.max(...(await Promise.all(pods.map(memoryOfPod))));
}

async function memoryOfPod({ metadata, spec }: Thing): Promise<number> {
  // A node of kind is a container of the same name.
  const { nodeName } = spec as { readonly nodeName: string };
  const labels = Object.entries({ name: metadata.name, namespace: metadata.namespace ?? '' });
  const flags = labels.flatMap(([key, value]) => ['--label', `io.kubernetes.pod.${key}=${value}`]);
  return workingSet(await run(['docker', 'exec', nodeName, 'crictl', 'stats', '--output', 'json', ...flags]));
}

/** Bytes, from what `crictl stats` says of a Pod with one container; throws where it says anything else. */
export function workingSet(told: string): number {
  const { stats = [] } = JSON.parse(told) as {
    readonly stats?: readonly {
      readonly memory?: { readonly workingSetBytes?: { readonly value?: unknown } };
    }[];
  };
  const bytes = stats.map(({ memory }) => Number(memory?.workingSetBytes?.value));
  const [only = Number.NaN] = bytes;
  if (bytes.length === 1 && only > 0) return only;
  throw new Error(
    `memory of the operator: expected one container with its bytes, crictl told of ${bytes.length}: ${bytes.join(', ') || 'none'}`,
  );
}

export const inMiB = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MiB`;
