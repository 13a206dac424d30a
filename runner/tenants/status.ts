// What a Tenant's status says after something was found or done. Pure: the same findings give the same status, and then nothing is written.
import { type Condition, type ConditionStatus, setCondition } from '../controller/index.ts';
import type { Phase, Tenant, TenantStatus } from './tenant.ts';

export type Said = readonly [status: ConditionStatus, reason: string, message: string];

/** What is not given stays as it is. */
export interface StatusChange {
  /** True: the release is there, as asked for, and its workloads are ready. */
  readonly ready?: Said;
  /** True: it failed. Unknown: it cannot be known or done at present (a chart that cannot be loaded, a cluster that does not answer). */
  readonly error?: Said;
  /** True: Helm is at work. */
  readonly progress?: Said;
  readonly appliedChart?: string;
  readonly chartDigest?: string;
}

/** It failed, nothing is at work, and what was asked for is not there. */
export function failure(reason: string, message: string): StatusChange {
  return {
    error: ['True', reason, message],
    ready: ['False', reason, message],
    progress: ['False', reason, ''],
  };
}

export interface StatusContext {
  /** Cluster that the release is on: the conditions' names end in it. */
  readonly cluster: string;
  readonly now: Date;
  readonly chartProblems: 'hide-while-ready' | 'show';
}

/** The status itself where nothing changes. */
export function statusAfter(tenant: Tenant, change: StatusChange, context: StatusContext): TenantStatus {
  const before = tenant.status ?? {};
  const generation = tenant.metadata?.generation;
  const said = [
    ['ClusterReady', change.ready],
    ['ClusterError', change.error],
    ['ClusterProgress', change.progress],
  ] as const;
  // What was said of its cluster under an older name is true of nothing any more, and nobody would ever take it back.
  let conditions = (before.conditions ?? []).filter(({ type }) => {
    const [kind, cluster] = type.split('/');
    return cluster === context.cluster || !said.some(([ours]) => ours === kind);
  });
  for (const [kind, words] of said) {
    if (words === undefined) continue;
    const [status, reason, message] = words;
    const observed = generation === undefined ? {} : { observedGeneration: generation };
    const type = `${kind}/${context.cluster}`;
    conditions = [...setCondition(conditions, { type, status, reason, message, ...observed }, context.now)];
  }
  const phase = phaseOf(conditions, context.chartProblems);
  const lastMessage = [change.error, change.ready, change.progress].find(
    (words) => words !== undefined && (words[0] !== 'False' || words !== change.error),
  )?.[2];
  const after: TenantStatus = {
    ...before,
    phase,
    ...(lastMessage === undefined ? {} : { lastMessage }),
    ...(change.appliedChart === undefined ? {} : { lastAppliedChart: change.appliedChart }),
    ...(change.chartDigest === undefined ? {} : { chartDigest: change.chartDigest }),
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    conditions,
  };
  return same(before, after) ? before : after;
}

/** Error if any ClusterError is True; Ready if a ClusterReady is True and no chart problem is to be shown; else Pending. */
export function phaseOf(
  conditions: readonly Condition[],
  chartProblems: StatusContext['chartProblems'],
): Phase {
  const of = (kind: string) => conditions.filter(({ type }) => type.startsWith(`${kind}/`));
  const errors = of('ClusterError');
  if (errors.some(({ status }) => status === 'True')) return 'Error';
  if (!of('ClusterReady').some(({ status }) => status === 'True')) return 'Pending';
  const isShown = chartProblems === 'show' && errors.some(({ status }) => status === 'Unknown');
  return isShown ? 'Pending' : 'Ready';
}

function same(one: TenantStatus, other: TenantStatus): boolean {
  const text = ({ conditions, ...rest }: TenantStatus) =>
    JSON.stringify([
      Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)),
      (conditions ?? []).map(textOf),
    ]);
  return text(one) === text(other);
}

function textOf({
  type,
  status,
  reason,
  message,
  observedGeneration,
  lastTransitionTime,
}: Condition): string {
  return JSON.stringify([type, status, reason, message, observedGeneration, lastTransitionTime]);
}
