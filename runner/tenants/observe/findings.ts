// What one look at a Tenant gives: the words that a decision rests on, and beside them what the action will need.

import type { AnyObject, Namespace, Resource } from '../../kube/index.ts';
import type { ChartSource } from '../chart/source.ts';
import type { ChartState, Observed, Refusal } from '../decide/observed.ts';
import type { ReleasedObject } from '../drift/manifest.ts';
import type { Values } from '../fingerprint.ts';
import type { Release } from '../helm/release.ts';
import type { Neighbour } from '../route.ts';

export interface Findings {
  readonly observed: Observed;
  readonly namespace: Namespace | undefined;
  readonly release: Release | undefined;
  readonly rollout: Rollout | undefined;
  readonly drifted: readonly Drifted[];
  /** Other Tenants that use the workspace: they stay, or still have a release there. */
  readonly users: readonly Neighbour[];
  /** In words: why it is refused, why the cluster or the chart is not there. */
  readonly why: string;
  /** In words: what has drifted, and what is not ready. */
  readonly wrong: string;
}

export const nothingFound = {
  ...{ namespace: undefined, release: undefined, rollout: undefined },
  ...{ drifted: [], users: [], why: '', wrong: '' },
} as const;

/** What is asked for, ready for Helm. */
export interface Rollout {
  readonly source: ChartSource;
  readonly values: Values;
  readonly fingerprint: string;
  readonly chart: { readonly path: string; readonly digest: string } | undefined;
}

export interface Drifted {
  readonly resource: Resource;
  readonly object: ReleasedObject;
  /** What to apply so that it is as asked for again. */
  readonly repaired: AnyObject;
  /** `missing`, or the paths that differ. */
  readonly what: string;
}

export interface Refused {
  readonly refusal: Refusal;
  readonly why: string;
}

export interface ChartProblem {
  readonly state: Exclude<ChartState, 'at-hand'>;
  readonly why: string;
}
