// The look at a Tenant: object, cluster, workspace, release, chart, live objects, in this order and only as far as a decision needs it.
import { hasFinalizer } from '../../controller/index.ts';
import { shownAs } from '../chart/source.ts';
import type { Observed } from '../decide/observed.ts';
import { type ReleasedObject, releasedObjects } from '../drift/manifest.ts';
import { type Release, readRelease, releaseSelector } from '../helm/release.ts';
import { finalizer, labelOf, letGoAnnotation } from '../names.ts';
import type { OperatorWorld, Scene } from '../operator-world.ts';
import { targetOf } from '../route.ts';
import { type ChartProblem, type Findings, nothingFound, type Rollout } from './findings.ts';
import { holderOf } from './holder.ts';
import { leaving } from './leaving.ts';
import { type LiveFindings, liveFindings } from './live.ts';
import { markOf } from './reach.ts';
import { refusalOf } from './refusal.ts';
import { formerRelease } from './renamed.ts';
import { askedFor, chartFor, problemOf } from './rollout.ts';
import { releaseSecrets, stateOf, workspaceOf } from './workspace.ts';

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
  mark: 'set',
  release: 'absent',
  fingerprint: 'same',
  digest: 'same',
  chart: 'at-hand',
  driftMode: 'correct',
  drift: 'none',
  health: 'ready',
  tests: 'none',
  attempt: 'due',
  correction: 'due',
};

export function observer(world: OperatorWorld): Observe {
  const parsed = remembering<ReleasedObject[]>(2_000);
  const proven = new Set<string>();
  const former = formerRelease(world);

  return async (scene) => {
    const words = wordsOfTenant(scene);
    const refused = refusalOf(world, scene);
    const first: Observed = { ...healthy, ...words, refusal: refused?.refusal ?? 'none' };
    const away = whyAway(world, scene);
    const isDeleted = words.asked === 'absent';
    if (refused !== undefined && !isDeleted) return { ...nothingFound, observed: first, why: refused.why };
    if (away !== undefined)
      return { ...nothingFound, observed: { ...first, cluster: away.cluster }, why: away.why };
    if (isDeleted) return leaving(world, scene, first, refused);
    if (words.suspend === 'yes' || words.finalizer === 'missing')
      return { ...nothingFound, observed: first, why: 'spec.suspend is true' };
    const namespace = await workspaceOf(scene);
    const revisions =
      namespace === undefined
        ? []
        : await releaseSecrets(world, scene, namespace, releaseSelector(scene.release));
    const release = readRelease(revisions);
    const holder = holderOf(world, scene, release);
    if (holder.is === 'unknown')
      return { ...nothingFound, observed: { ...first, cluster: 'unknown' }, why: holder.why };
    const isThere = namespace !== undefined && stateOf(namespace) === 'active';
    const renamed = isThere ? await former(scene, namespace) : undefined;
    if (renamed !== undefined)
      return { ...nothingFound, observed: { ...first, cluster: 'renamed' }, why: renamed };
    const placed: Observed = {
      ...first,
      workspace: stateOf(namespace),
      mark: markOf(world, scene, namespace),
      release: release?.state ?? 'absent',
      attempt: world.attempts.state(scene.key, attemptOf(scene, undefined)),
    };
    const found = { ...nothingFound, namespace, release, why: release?.trouble ?? '' };
    const isPlaced =
      placed.workspace === 'active' && placed.mark === 'set' && placed.release !== 'unreadable';
    return isPlaced ? asked(scene, placed, found) : { ...found, observed: placed };
  };

  async function asked(scene: Scene, placed: Observed, found: Omit<Findings, 'observed'>): Promise<Findings> {
    const { release } = found;
    let problem: ChartProblem | undefined;
    let rollout: Rollout | undefined;
    try {
      rollout = { ...(await askedFor(world, scene, release)), chart: undefined };
    } catch (error) {
      problem = problemOf(error);
    }
    const isSame =
      rollout !== undefined &&
      release?.fingerprint === labelOf(rollout.fingerprint) &&
      // What another Tenant has rolled out under this name is taken over by a rollout of its own.
      (release.tenant ?? scene.tenant.metadata?.uid) === scene.tenant.metadata?.uid;
    const resolved = rollout === undefined ? undefined : world.charts.known(rollout.source);
    const isOther = isSame && resolved !== undefined && release?.chartDigest !== labelOf(resolved.digest);
    const isNeeded = release === undefined || release.state !== 'deployed' || !isSame || isOther;
    if (rollout !== undefined && isNeeded) {
      const loaded = await chartFor(world, rollout.source, scene.signal);
      if ('problem' in loaded) problem = loaded.problem;
      else rollout = { ...rollout, chart: loaded.chart };
    }
    const looked: LiveFindings | undefined =
      release?.state === 'deployed' && (!isNeeded || problem !== undefined)
        ? await look(scene, release)
        : undefined;
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
      correction: world.attempts.state(scene.key, attemptOf(scene, rollout), 'drift'),
    };
    const drifted = looked?.drifted ?? [];
    const wrong = [...drifted.map(({ what }) => what), ...(looked?.unready ?? [])].join('; ');
    return { ...found, observed, rollout, drifted, why: problem?.why ?? '', wrong };
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
  const { deletionTimestamp, annotations = {} } = tenant.metadata ?? {};
  return {
    asked: deletionTimestamp === undefined ? 'present' : 'absent',
    finalizer: hasFinalizer(tenant, finalizer) ? 'set' : 'missing',
    suspend: spec.suspend ? 'yes' : 'no',
    letGo: annotations[letGoAnnotation] === 'true' ? 'yes' : 'no',
  };
}

/** Why nothing can be seen of its cluster. */
function whyAway(
  { standing }: OperatorWorld,
  { target, targetName, id, spec }: Scene,
): { readonly cluster: Exclude<Observed['cluster'], 'engaged'>; readonly why: string } | undefined {
  if (targetOf(id.storedOn, spec.clusterRef) === undefined) {
    const named = spec.clusterRef?.secretName;
    const why = `clusterRef names Secret ${named}, and Secret ${targetName} is what this cluster has by now: give it the name ${named} again, or let go by the annotation ${letGoAnnotation}=true`;
    return { cluster: 'renamed', why };
  }
  const known = target === undefined ? standing(targetName) : undefined;
  const trouble = known?.is === 'unreachable' ? known.why : target?.trouble();
  if (trouble !== undefined) return { cluster: 'unreachable', why: `cluster ${targetName}: ${trouble}` };
  if (target !== undefined) return undefined;
  return {
    cluster: 'unknown',
    why: `cluster ${targetName}: there is no Secret ${targetName} with a kubeconfig`,
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
