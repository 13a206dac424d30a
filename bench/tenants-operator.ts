// The operator as its benchmark sees it: what it counts, and that it is the same process all the time, since a new one counts from 0.
import type { Operator, Sample, Thing } from '../suites/tenants/world.ts';

/** As the operator exposes them; a test asks its registry. */
export const counters = {
  helmCalls: 'tenants_helm_calls_total',
  statusWrites: 'tenants_status_writes_total',
  eventsTold: 'tenants_events_total',
  requests: 'charter_kube_requests_total',
} as const;

export type Counted = Readonly<Record<keyof typeof counters, number>>;

export const sumOf = (samples: readonly Sample[], name: string): number =>
  samples.filter((sample) => sample.name === name).reduce((sum, { value }) => sum + value, 0);

/** Throws where no request is counted: whoever answers has made some, so the metrics were not read. */
export function countedIn(samples: readonly Sample[]): Counted {
  const counted = Object.fromEntries(
    Object.entries(counters).map(([what, name]) => [what, sumOf(samples, name)]),
  ) as Counted;
  if (counted.requests > 0) return counted;
  throw new Error(
    `the metrics of the operator cannot be read: ${samples.length} samples, none of ${counters.requests} above 0`,
  );
}

export const counted = async (operator: Operator): Promise<Counted> => countedIn(await operator.metrics());

/** Those that are not about to end. */
export async function standingPods(operator: Pick<Operator, 'pods'>): Promise<readonly Thing[]> {
  const pods = await operator.pods();
  return pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

interface PodStatus {
  readonly containerStatuses?: readonly { readonly name: string; readonly restartCount: number }[];
}

/** Each Pod by its uid, with how often each of its containers was started again. */
export const livesOf = (pods: readonly Thing[]): string =>
  pods
    .map(({ metadata, status }) => {
      const { containerStatuses = [] } = (status ?? {}) as PodStatus;
      const restarts = containerStatuses.map(
        ({ name, restartCount }) => `${name} restarted ${restartCount}x`,
      );
      return `${metadata.name} (${metadata.uid}): ${restarts.join(', ') || 'no container'}`;
    })
    .toSorted()
    .join('; ');

/** Throws where the operator after `act` is not the one before it: what was counted meanwhile means nothing. */
export async function undisturbed<Result>(
  operator: Pick<Operator, 'pods'>,
  what: string,
  act: () => Promise<Result>,
): Promise<Result> {
  const before = livesOf(await standingPods(operator));
  const result = await act();
  const now = livesOf(await standingPods(operator));
  if (now === before && before !== '') return result;
  throw new Error(
    `the operator was replaced or restarted during ${what}: ${before || 'none'}, then ${now || 'none'}`,
  );
}
