// The look at a Tenant: object, cluster, workspace, release, chart, live objects, in this order and only as far as a decision needs it.
import { isKubeError, type Namespace, pause, resources } from '../../kube/index.ts';
import { shownAs } from '../chart/source.ts';
import { grant, type Rights } from '../cluster/workspace-access.ts';
import { type Observed, ofAnother } from '../decide/observed.ts';
import { type ReleasedObject, releasedObjects } from '../drift/manifest.ts';
import { type Release, readRelease, releaseSelector } from '../helm/release.ts';
import { finalizer, labelOf, letGoAnnotation } from '../names.ts';
import type { OperatorWorld, Scene } from '../operator-world.ts';
import { workspaceFate } from '../route.ts';
import type { ChartProblem, Findings, Rollout } from './findings.ts';
import { type LiveFindings, liveFindings } from './live.ts';
import { neighbours, refusalOf } from './refusal.ts';
import { askedFor, chartFor, problemOf } from './rollout.ts';

export type Observe = (scene: Scene) => Promise<Findings>;

const healthy: Observed = {
  asked: 'present',
  finalizer: 'set',
  suspend: 'no',
  letGo: 'no',
  refusal: 'none',
  cluster: 'engaged',
  workspace: 'active',
  workspaceFate: 'keep',
  release: 'absent',
  fingerprint: 'same',
  digest: 'same',
  chart: 'at-hand',
  driftMode: 'correct',
  drift: 'none',
  health: 'ready',
  tests: 'none',
  attempt: 'due',
};

export function observer(world: OperatorWorld): Observe {
  const parsed = remembering<ReleasedObject[]>(2_000);
  const proven = new Set<string>();

  return async (scene) => {
    const words = wordsOfTenant(scene);
    const refused = refusalOf(world, scene);
    const first: Observed = { ...healthy, ...words, refusal: refused?.refusal ?? 'none' };
    const nothing = { namespace: undefined, release: undefined, rollout: undefined, drifted: [] };
    if (scene.target === undefined) {
      const standing = world.standing(scene.targetName);
      const isKnown = standing.is === 'unreachable';
      const why = isKnown ? standing.why : `there is no Secret ${scene.targetName} with a kubeconfig`;
      const observed = { ...first, cluster: isKnown ? 'unreachable' : 'unknown' } as const;
      return { ...nothing, observed, why: refused?.why ?? `cluster ${scene.targetName}: ${why}` };
    }
    const isDeleted = words.asked === 'absent';
    if (refused !== undefined && (!isDeleted || ofAnother.includes(refused.refusal)))
      return { ...nothing, observed: first, why: refused.why };
    if (!isDeleted && (words.suspend === 'yes' || words.finalizer === 'missing'))
      return { ...nothing, observed: first, why: 'spec.suspend is true' };
    const namespace = await workspaceOf(scene);
    const release = namespace === undefined ? undefined : await releaseOf(world, scene, namespace);
    const placed: Observed = {
      ...first,
      workspace: namespace === undefined ? 'absent' : isTerminating(namespace) ? 'terminating' : 'active',
      workspaceFate: fateOf(world, scene, namespace),
      release: release?.state ?? 'absent',
      attempt: world.attempts.state(scene.key, isDeleted ? 'delete' : attemptOf(scene, undefined)),
    };
    const found = { ...nothing, namespace, release };
    if (isDeleted || placed.workspace !== 'active') return { ...found, observed: placed, why: '' };
    return asked(scene, placed, found);
  };

  async function asked(
    scene: Scene,
    placed: Observed,
    found: Omit<Findings, 'observed' | 'why'>,
  ): Promise<Findings> {
    const { release } = found;
    let problem: ChartProblem | undefined;
    let rollout: Rollout | undefined;
    try {
      rollout = { ...(await askedFor(world, scene)), chart: undefined };
    } catch (error) {
      problem = problemOf(error);
    }
    const isSame = rollout !== undefined && release?.fingerprint === labelOf(rollout.fingerprint);
    const resolved = rollout === undefined ? undefined : world.charts.known(rollout.source);
    const isOther = isSame && resolved !== undefined && release?.chartDigest !== labelOf(resolved.digest);
    const isNeeded = release === undefined || release.state !== 'deployed' || !isSame || isOther;
    if (rollout !== undefined && isNeeded) {
      const loaded = await chartFor(world, rollout.source, scene.signal);
      if ('problem' in loaded) problem = loaded.problem;
      else rollout = { ...rollout, chart: loaded.chart };
    }
    const looked: LiveFindings | undefined =
      release?.state === 'deployed' && !isNeeded ? await look(scene, release) : undefined;
    const observed: Observed = {
      ...placed,
      fingerprint: isSame ? 'same' : 'changed',
      digest: isOther ? 'changed' : 'same',
      chart: problem?.state ?? 'at-hand',
      driftMode: scene.spec.driftDetection?.mode ?? 'correct',
      drift: (looked?.drifted.length ?? 0) > 0 ? 'found' : 'none',
      health: (looked?.unready.length ?? 0) > 0 ? 'not-ready' : 'ready',
      tests: scene.spec.tests === 'skip' ? 'none' : (release?.tests ?? 'none'),
      attempt: world.attempts.state(scene.key, attemptOf(scene, rollout)),
    };
    const why =
      problem?.why ??
      [...(looked?.drifted ?? []).map(({ what }) => what), ...(looked?.unready ?? [])].join('; ');
    return { ...found, observed, rollout, drifted: looked?.drifted ?? [], why };
  }

  async function look(scene: Scene, release: Release): Promise<LiveFindings | undefined> {
    const { target } = scene;
    if (target === undefined) return undefined;
    const { uid, resourceVersion } = release.secret.metadata ?? {};
    const objects = parsed(`${uid} ${resourceVersion}`, () => releasedObjects(release.manifest));
    if (proven.size > 50_000) proven.clear();
    return liveFindings({ target, scene, objects, proven });
  }
}

/** What is tried, so that a failure of it is told from a failure of something else. */
export function attemptOf({ tenant }: Scene, rollout: Rollout | undefined): string {
  const source =
    rollout === undefined
      ? ''
      : `${shownAs(rollout.source)} ${rollout.fingerprint} ${rollout.chart?.digest ?? ''}`;
  return `${tenant.metadata?.generation} ${source}`;
}

function wordsOfTenant({ tenant, spec }: Scene): Pick<Observed, 'asked' | 'finalizer' | 'suspend' | 'letGo'> {
  const { deletionTimestamp, finalizers = [], annotations = {} } = tenant.metadata ?? {};
  return {
    asked: deletionTimestamp === undefined ? 'present' : 'absent',
    finalizer: finalizers.includes(finalizer) ? 'set' : 'missing',
    suspend: spec.suspend ? 'yes' : 'no',
    letGo: annotations[letGoAnnotation] === 'true' ? 'yes' : 'no',
  };
}

/** The watch may be behind what this operator has just made. */
async function workspaceOf({ target, workspace, signal }: Scene): Promise<Namespace | undefined> {
  return (
    target?.namespace(workspace) ?? target?.client.find(resources.namespaces, { name: workspace }, { signal })
  );
}

function isTerminating({ metadata, status }: Namespace): boolean {
  return metadata?.deletionTimestamp !== undefined || status?.phase === 'Terminating';
}

function fateOf(world: OperatorWorld, scene: Scene, namespace: Namespace | undefined): 'delete' | 'keep' {
  const { id, workspace } = scene;
  const annotations = namespace?.metadata?.annotations ?? {};
  const others = neighbours(world, scene).map((neighbour) => neighbour.id);
  return workspaceFate({ workspace, annotations, id, others });
}

const grantTries = 8;
const grantPauseMs = 250;

/** Read as the workspace's ServiceAccount: the operator itself needs no right to read Secrets there. */
async function releaseOf(
  world: OperatorWorld,
  scene: Scene,
  namespace: Namespace,
): Promise<Release | undefined> {
  const { target, workspace, release, signal } = scene;
  if (target === undefined) return undefined;
  for (let tries = 1; ; tries += 1) {
    try {
      const selection = { namespace: workspace, labelSelector: releaseSelector(release), signal };
      const { items } = await target.as(workspace).client.list(resources.secrets, selection);
      return readRelease(items);
    } catch (error) {
      if (!isKubeError(error, 'CHR_KUBE_FORBIDDEN')) throw error;
      // Its rights went with it, and so did the release.
      if (isTerminating(namespace)) return undefined;
      if (tries === grantTries) throw error;
      if (tries === 1) await grant(target.client, workspace, rightsFor(world, scene));
      await pause(world.clock, grantPauseMs, signal);
    }
  }
}

/** What a ClusterRole allows beyond the workspace is for the operator's own chart only. */
export function rightsFor({ settings }: OperatorWorld, { spec }: Scene): Rights {
  const { workspaceClusterRole, chartClusterRole } = settings;
  return {
    workspaceClusterRole,
    chartClusterRole,
    chart: spec.chartFrom === undefined ? 'own' : 'of the Tenant',
  };
}

function remembering<T>(most: number): (key: string, make: () => T) => T {
  const known = new Map<string, T>();
  return (key, make) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const made = make();
    known.set(key, made);
    const [oldest] = known.keys();
    if (known.size > most && oldest !== undefined) known.delete(oldest);
    return made;
  };
}
