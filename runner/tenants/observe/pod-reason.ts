// Why a release does not become ready, in the words of its Pods: image, crash, probe, quota, no room. "Deadline exceeded" helps nobody.
import type { CoreEvent, Pod } from '../../kube/index.ts';

export interface Evidence {
  readonly pods: readonly Pod[];
  /** Events of the same namespace. */
  readonly events: readonly CoreEvent[];
  /** Names of the release's workloads and hooks: Pods of others in the workspace say nothing about it. */
  readonly workloads: readonly string[];
  /** When the rollout began, where that is known: what was refused before says nothing about it. */
  readonly since: Date | undefined;
}

/** At most three reasons, the telling ones first, as they were said; empty when the Pods say nothing. */
export function podReasons({ pods, events, workloads, since }: Evidence): string[] {
  const ofPods = pods
    .filter(({ metadata }) => {
      const owners = metadata?.ownerReferences ?? [];
      const owner = owners.find(({ controller }) => controller === true) ?? {
        kind: 'Pod',
        name: metadata?.name,
      };
      return isOf(owner, workloads);
    })
    .flatMap((pod) => reasonsOf(pod, events));
  const refused = latest(
    events,
    (event) =>
      event.reason === 'FailedCreate' &&
      isOf(event.involvedObject, workloads) &&
      !(since !== undefined && Date.parse(timeOf(event)) < since.getTime()),
  );
  const ofController =
    refused === undefined
      ? []
      : [`${refused.involvedObject?.kind} ${refused.involvedObject?.name}: ${tidy(refused.message)}`];
  return [...new Set([...ofPods, ...ofController])].slice(0, 3);
}

interface Controller {
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
}

/** How Deployments and CronJobs name what they make: after themselves, then a hash or minutes since 1970. */
const suffixes: Readonly<Record<string, RegExp>> = { ReplicaSet: /-[a-z0-9]{1,10}$/, Job: /-\d{8,}$/ };

function isOf({ kind = '', name = '' }: Controller, workloads: readonly string[]): boolean {
  const suffix = suffixes[kind];
  return workloads.includes(name) || (suffix !== undefined && workloads.includes(name.replace(suffix, '')));
}

type ContainerStatus = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number];

function reasonsOf(pod: Pod, events: readonly CoreEvent[]): string[] {
  const { status, metadata } = pod;
  const name = `Pod ${metadata?.name}`;
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const told = statuses.flatMap((one) => {
    const reason = containerReason(one);
    return reason === undefined ? [] : [`${name}: container ${one.name}: ${reason}`];
  });
  if (told.length > 0) return told.slice(0, 1);
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False') return [`${name}: ${scheduled.reason}: ${tidy(scheduled.message)}`];
  if (status?.phase === 'Failed') return [`${name}: ${status.reason ?? 'Failed'}: ${tidy(status.message)}`];
  if (status?.phase === 'Succeeded' || statuses.every(({ ready }) => ready)) return [];
  const event = latest(
    events,
    ({ involvedObject, reason, type }) =>
      involvedObject?.uid === metadata?.uid && type === 'Warning' && speaking.includes(reason ?? ''),
  );
  if (event !== undefined) return [`${name}: ${event.reason}: ${tidy(event.message)}`];
  return [
    `${name}: ${statuses
      .filter(({ ready }) => !ready)
      .map((one) => `container ${one.name}`)
      .join(', ')} not ready`,
  ];
}

const speaking = [
  'Unhealthy',
  'FailedMount',
  'FailedAttachVolume',
  'FailedCreatePodSandBox',
  'Failed',
  'BackOff',
];

function containerReason({ state, lastState }: ContainerStatus): string | undefined {
  const waiting = state?.waiting;
  const ended = state?.terminated ?? lastState?.terminated;
  if (waiting?.reason === 'CrashLoopBackOff' || (waiting === undefined && failed(state?.terminated)))
    return `${waiting?.reason ?? 'Failed'}: ${ended?.reason ?? 'ended'} with exit code ${ended?.exitCode ?? '?'}${ended?.message ? `: ${tidy(ended.message)}` : ''}`;
  if (waiting?.reason === undefined || harmless.includes(waiting.reason)) return undefined;
  return [waiting.reason, tidy(waiting.message)].filter((part) => part !== '').join(': ');
}

const harmless = ['ContainerCreating', 'PodInitializing'];

function failed(ended: { readonly exitCode?: number } | undefined): boolean {
  return ended !== undefined && ended.exitCode !== 0;
}

function latest(events: readonly CoreEvent[], matches: (event: CoreEvent) => boolean): CoreEvent | undefined {
  return events.filter(matches).toSorted((a, b) => (timeOf(a) < timeOf(b) ? 1 : -1))[0];
}

function timeOf(event: CoreEvent): string {
  return event.lastTimestamp ?? event.eventTime ?? event.metadata?.creationTimestamp ?? '';
}

function tidy(text: string | undefined): string {
  return (text ?? '').trim();
}
