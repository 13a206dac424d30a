// What every part of a reconcile is given: the clusters, the charts, Helm, and where to tell what happened.
import type { EventRecorder, Happening } from '../controller/index.ts';
import type { Clock } from '../kube/index.ts';
import type { Attempts } from './attempts.ts';
import type { Charts } from './chart/cache.ts';
import type { EngagedCluster } from './cluster/engaged.ts';
import type { Standing } from './cluster/fleet.ts';
import type { Confidential } from './confidential.ts';
import type { Corrections } from './drift/corrections.ts';
import type { Values } from './fingerprint.ts';
import type { HelmVerb } from './helm/commands.ts';
import type { Settings } from './settings.ts';
import type { Tenant, TenantId, TenantSpec } from './tenant.ts';

export interface OperatorWorld {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly helmBinary: string;
  readonly charts: Charts;
  /** Of the operator's own chart: `installCRDs` and the values file. */
  readonly chartValues: Values;
  readonly cluster: (name: string) => EngagedCluster | undefined;
  /** Of a cluster that is not engaged: is there a Secret for it, and what is known of it? */
  readonly standing: (name: string) => Standing;
  /** Of all clusters that are engaged. */
  readonly clusters: () => readonly EngagedCluster[];
  readonly confidential: Confidential;
  readonly attempts: Attempts;
  readonly corrections: Corrections;
  /** On the cluster that stores the Tenant. */
  readonly recorder: (cluster: EngagedCluster) => EventRecorder;
  readonly counts: OperatorCounts;
  readonly log: (line: string) => void;
}

export interface OperatorCounts {
  readonly helm: (cluster: string, verb: HelmVerb, outcome: 'done' | 'failed', ms: number) => void;
  readonly statusWrite: () => void;
  readonly event: (reason: string) => void;
  readonly drift: (cluster: string, mode: 'warn' | 'correct') => void;
}

/** One reconcile's Tenant, and where it goes. */
export interface Scene {
  readonly key: string;
  readonly id: TenantId;
  /** As last read or written. */
  readonly tenant: Tenant;
  readonly spec: TenantSpec;
  readonly store: EngagedCluster;
  readonly targetName: string;
  readonly target: EngagedCluster | undefined;
  readonly release: string;
  readonly workspace: string;
  readonly signal: AbortSignal;
}

const longestMessage = 2_000;

/** What may be said: without anything secret, and only then cut. Everything that leaves a reconcile as words goes through it. */
export function shown(world: OperatorWorld, key: string, message: string): string {
  const said = world.confidential.conceal(key, message);
  return said.length > longestMessage ? `${said.slice(0, longestMessage - 1)}…` : said;
}

export function tell(world: OperatorWorld, scene: Scene, happening: Happening): void {
  const message = shown(world, scene.key, happening.message);
  world.counts.event(happening.reason);
  world.log(`${scene.key} ${happening.reason}: ${message}`);
  const { apiVersion, kind } = { apiVersion: 'mesh.openkcm.io/v1alpha1', kind: 'Tenant' };
  void world.recorder(scene.store).record({ apiVersion, kind, ...scene.tenant }, { ...happening, message });
}
