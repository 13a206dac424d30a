// The live objects of a release beside its manifest: what has drifted, and what is not ready. What a watch says is wrong is read again and, where
// it differs, put to the API server as a question (a dry run), so that neither a late watch nor a default is ever taken for drift.
import { createHash } from 'node:crypto';
import { type AnyObject, isKubeError, type KubeClient, keyOf, type Resource } from '../../kube/index.ts';
import type { EngagedCluster } from '../cluster/engaged.ts';
import { compare } from '../drift/compare.ts';
import { counted, type Ignoring, ignoredPaths, keepingIgnored } from '../drift/ignore.ts';
import type { ReleasedObject } from '../drift/manifest.ts';
import type { Scene } from '../operator-world.ts';
import type { Drifted } from './findings.ts';
import { unready } from './health.ts';

export interface LiveFindings {
  readonly drifted: readonly Drifted[];
  readonly unready: readonly string[];
}

/** Helm's own manager of fields, so that what is repaired belongs to the release again. */
export const helmManager = 'helm';

export interface LiveLook {
  readonly target: EngagedCluster;
  readonly scene: Scene;
  readonly objects: readonly ReleasedObject[];
  /** Objects that a dry run has found to be as asked for: which version of which, and what was asked. Of all Tenants, since the uid says which object it is. */
  readonly proven: Set<string>;
}

export async function liveFindings(look: LiveLook): Promise<LiveFindings> {
  const { scene, objects } = look;
  const rules = scene.spec.driftDetection?.ignore ?? [];
  const mode = scene.spec.driftDetection?.mode ?? 'correct';
  const found = await Promise.all(
    objects.map((object) => oneObject(look, object, { rules, release: objects }, mode)),
  );
  return {
    drifted: found.flatMap(({ drifted }) => drifted ?? []),
    unready: found.flatMap((one) => one.unready ?? []),
  };
}

interface OneFinding {
  readonly drifted?: Drifted;
  readonly unready?: string;
}

async function oneObject(
  { target, scene, proven }: LiveLook,
  object: ReleasedObject,
  ignoring: Ignoring,
  mode: 'off' | 'warn' | 'correct',
): Promise<OneFinding> {
  const { client } = target.as(scene.workspace);
  const { signal } = scene;
  const name = `${object.kind} ${object.name}`;
  const resource = await target.client.discover(object.apiVersion, object.kind, { signal });
  if (resource === undefined) return { unready: `${name}: the cluster has no such kind` };
  const ref = {
    name: object.name,
    ...(resource.scope === 'Namespaced' ? { namespace: object.namespace ?? scene.workspace } : {}),
  };
  const wanted = marked(object.object, scene, ref);
  const differences = (live: AnyObject) => counted(compare(wanted, live), object, live, ignoring);
  const repairOf = (live: AnyObject) => keepingIgnored(wanted, live, ignoredPaths(object, live, ignoring));
  const watched = target.live.get(resource, keyOf(ref));
  if (
    typeof watched === 'object' &&
    isWell(watched) &&
    (differences(watched).length === 0 || proven.has(question(repairOf(watched), watched)))
  )
    return {};
  const live = await readable(() => client.find(resource, ref, { signal }));
  if (live === 'forbidden') return { unready: `${name}: it may not be read` };
  if (live === undefined) {
    if (mode === 'off') return { unready: `${name}: missing` };
    return { drifted: { resource, object, repaired: wanted, what: `${name} is missing` } };
  }
  const waiting = live.metadata?.deletionTimestamp === undefined ? unready(live) : `${name}: being deleted`;
  const health = waiting === undefined ? {} : { unready: waiting };
  const paths = differences(live);
  if (mode === 'off' || paths.length === 0) return health;
  const repaired = repairOf(live);
  const asked = question(repaired, live);
  if (proven.has(asked)) return health;
  if (!(await wouldChange(client, resource, repaired, live, signal))) {
    proven.add(asked);
    return health;
  }
  const what = `${name} differs at ${paths
    .map(({ path }) => path)
    .slice(0, 5)
    .join(', ')}`;
  return { ...health, drifted: { resource, object, repaired, what } };
}

function isWell(live: AnyObject): boolean {
  return live.metadata?.deletionTimestamp === undefined && unready(live) === undefined;
}

/** Applying it as Helm does would give another object than there is. What the API server refuses to apply is certainly not as asked for. */
async function wouldChange(
  client: KubeClient,
  resource: Resource,
  repaired: AnyObject,
  live: AnyObject,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const patch = { type: 'apply', body: repaired, conflicts: 'force' } as const;
    const ref = {
      name: live.metadata?.name ?? '',
      ...(live.metadata?.namespace && { namespace: live.metadata.namespace }),
    };
    const result = await client.patch(resource, ref, patch, {
      dryRun: 'All',
      fieldManager: helmManager,
      signal,
    });
    return essence(result) !== essence(live);
  } catch (error) {
    if (isKubeError(error, 'CHR_KUBE_INVALID')) return true;
    throw error;
  }
}

function essence({ metadata, status: _status, ...rest }: AnyObject): string {
  const { labels, annotations, finalizers } = metadata ?? {};
  return JSON.stringify(sorted([labels ?? {}, annotations ?? {}, finalizers ?? [], rest]));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}

async function readable<T>(read: () => Promise<T>): Promise<T | 'forbidden'> {
  try {
    return await read();
  } catch (error) {
    if (isKubeError(error, 'CHR_KUBE_FORBIDDEN')) return 'forbidden';
    throw error;
  }
}

/** As Helm writes it: with the label and annotations by which it knows its own. */
function marked(
  object: AnyObject,
  { release, workspace }: Scene,
  { namespace }: { readonly namespace?: string },
): AnyObject {
  const { metadata = {} } = object;
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...metadata.labels, 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: {
        ...metadata.annotations,
        'meta.helm.sh/release-name': release,
        'meta.helm.sh/release-namespace': workspace,
      },
    },
  };
}

/** Another object, another version of it, or other rules of what is left alone, make another question. */
function question(repaired: AnyObject, { metadata }: AnyObject): string {
  const asked = createHash('sha256').update(JSON.stringify(repaired)).digest('base64');
  return `${metadata?.uid} ${metadata?.resourceVersion} ${asked}`;
}
