// All that a decision rests on, as words: the same words stand in the table of docs/tenants.md.

export interface Observed {
  /** `absent`: the Tenant is being deleted. */
  readonly asked: 'present' | 'absent';
  readonly finalizer: 'set' | 'missing';
  readonly suspend: 'no' | 'yes';
  readonly letGo: 'no' | 'yes';
  /** Why this Tenant must not be rolled out; `none` otherwise. */
  readonly refusal: Refusal;
  /**
   * `unknown`: no Secret of that name is engaged. `unreachable`: it is, and does not answer. `renamed`: of one that goes, it is stored on that
   * cluster, whose Secret has another name than clusterRef; of one that stays, a release of its own is there under the name its cluster had.
   */
  readonly cluster: 'engaged' | 'unreachable' | 'unknown' | 'renamed';
  readonly workspace: 'absent' | 'active' | 'terminating';
  /** `keep`: not made for this Tenant, a system namespace, or used by another Tenant that stays or still has a release there. */
  readonly workspaceFate: 'delete' | 'keep';
  /** `missing`: a chart that the Tenant chose is to run, and its workspace does not say yet that such a chart may act no further than it. */
  readonly mark: 'set' | 'missing';
  /** Of a Tenant that goes: the next one to be taken away. */
  readonly release: ReleaseState;
  /** Of the release, beside what is asked for. */
  readonly fingerprint: 'same' | 'changed';
  readonly digest: 'same' | 'changed';
  readonly chart: ChartState;
  readonly driftMode: 'off' | 'warn' | 'correct';
  readonly drift: 'none' | 'found';
  /** Of the workloads that the release consists of. */
  readonly health: 'ready' | 'not-ready';
  readonly tests: 'none' | 'due' | 'passed' | 'failed';
  /** `cooling`: the same was tried and failed, and its delay has not passed. */
  readonly attempt: 'due' | 'cooling';
  /** The same of the correction of drift. */
  readonly correction: 'due' | 'cooling';
}

export const refusals = [
  'none',
  'SpecInvalid',
  'ChartFieldRemoved',
  'ClusterRefInvalid',
  'WorkspaceForbidden',
  'WorkspaceOfAnother',
  'ReleaseNameConflict',
  'ChartNotAllowed',
] as const;
export type Refusal = (typeof refusals)[number];

/** Refusals under which a release of this Tenant's name belongs to another. What carries this Tenant's own uid is its own all the same. */
export const ofAnother: readonly Refusal[] = [
  'WorkspaceForbidden',
  'WorkspaceOfAnother',
  'ReleaseNameConflict',
];

/** `failed-install`: nothing of it was ever deployed; `failed-upgrade`: an earlier revision was. `unreadable`: not as Helm writes it. */
export const releaseStates = [
  'absent',
  'deployed',
  'failed-install',
  'failed-upgrade',
  'pending-install',
  'pending-upgrade',
  'pending-rollback',
  'uninstalling',
  'unreadable',
] as const;
export type ReleaseState = (typeof releaseStates)[number];

export const chartStates = [
  'at-hand',
  'not-loaded',
  'version-not-found',
  'version-invalid',
  'values-not-loaded',
] as const;
export type ChartState = (typeof chartStates)[number];
