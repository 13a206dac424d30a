// The orphan oracle: what should be in the clusters after a scenario, beside what is. Pure; inventory.ts looks.
import type { InventoryItem } from './world.ts';

/** A Tenant that should be there, and where it should be rolled out. */
export interface ExpectedTenant {
  /** Cluster whose API server holds the object. */
  readonly storedOn: string;
  readonly namespace: string;
  readonly name: string;
  /** None while a Tenant is refused, suspended before its first rollout, or waits. */
  readonly rollouts: readonly ExpectedRollout[];
}

export interface ExpectedRollout {
  readonly cluster: string;
  readonly workspace: string;
  readonly release: string;
}

export interface Sweep {
  /** There, and nothing explains them. */
  readonly unexplained: readonly InventoryItem[];
  /** Explained by a Tenant or there from the beginning, and gone. */
  readonly missing: readonly string[];
  /** Marked for deletion and still there: somebody's finalizer holds them. */
  readonly stuck: readonly InventoryItem[];
}

const cleanup = 'mesh.openkcm.io/cleanup';

/** `baseline`: the inventory before the first Tenant. */
export function sweep(
  baseline: readonly InventoryItem[],
  expected: readonly ExpectedTenant[],
  actual: readonly InventoryItem[],
): Sweep {
  const before = new Set(baseline.map(idOf));
  const workspaces = workspacesOf(expected);
  const tenants = new Set(expected.map((one) => idOf({ ...one, cluster: one.storedOn, kind: 'Tenant' })));
  const isExplained = (item: InventoryItem): boolean => {
    if (before.has(idOf(item))) return true;
    if (item.kind === 'Tenant') return tenants.has(idOf(item));
    const workspace = item.kind === 'Namespace' ? item.name : item.namespace;
    const releases = workspaces.get(`${item.cluster}/${workspace}`);
    if (releases === undefined) return false;
    return item.release === undefined || releases.has(item.release);
  };
  return {
    unexplained: actual.filter((item) => !isExplained(item)),
    missing: [...lost(baseline, actual), ...unfulfilled(expected, actual)],
    stuck: actual.filter(({ state }) => state === 'going'),
  };
}

/** As a message; empty where every object is explained. */
export function sweepReport({ unexplained, missing, stuck }: Sweep): string {
  const lines = [
    ...unexplained.map((item) => `unexplained: ${sentence(item)}`),
    ...missing.map((what) => `missing: ${what}`),
    ...stuck.map((item) => `held by ${item.finalizers.join(', ') || 'its own objects'}: ${sentence(item)}`),
  ];
  return lines.join('\n');
}

export function sentence({ cluster, kind, namespace, name, release }: InventoryItem): string {
  const place = namespace === undefined ? cluster : `${cluster}, namespace ${namespace}`;
  return `${kind} ${name}${release === undefined ? '' : ` (release ${release})`} on ${place}`;
}

type Identity = Pick<InventoryItem, 'cluster' | 'kind' | 'namespace' | 'name' | 'release'>;

/** Helm keeps a Secret for each of the last revisions: a release is the same one whatever its revisions are. */
export const idOf = ({ cluster, kind, namespace = '', name, release }: Identity): string =>
  `${cluster}/${kind}/${namespace}/${release === undefined ? name : `release ${release}`}`;

function workspacesOf(expected: readonly ExpectedTenant[]): ReadonlyMap<string, ReadonlySet<string>> {
  const workspaces = new Map<string, Set<string>>();
  for (const { cluster, workspace, release } of expected.flatMap(({ rollouts }) => rollouts)) {
    const key = `${cluster}/${workspace}`;
    workspaces.set(key, (workspaces.get(key) ?? new Set()).add(release));
  }
  return workspaces;
}

function lost(baseline: readonly InventoryItem[], actual: readonly InventoryItem[]): string[] {
  const there = new Set(actual.map(idOf));
  return baseline
    .filter((item) => !there.has(idOf(item)))
    .map((item) => `${sentence(item)}, which was there from the beginning`);
}

function unfulfilled(expected: readonly ExpectedTenant[], actual: readonly InventoryItem[]): string[] {
  const has = (wanted: Partial<InventoryItem>) =>
    actual.some((item) => Object.entries(wanted).every(([key, value]) => item[key as never] === value));
  return expected.flatMap(({ storedOn, namespace, name, rollouts }) => {
    const where = `Tenant ${name} of ${storedOn}, namespace ${namespace}`;
    const tenant = actual.find(
      (item) =>
        item.kind === 'Tenant' && idOf(item) === idOf({ cluster: storedOn, kind: 'Tenant', namespace, name }),
    );
    if (tenant === undefined) return [where];
    const unguarded = rollouts.length > 0 && !tenant.finalizers.includes(cleanup);
    return [
      ...(unguarded ? [`finalizer ${cleanup} on ${where}`] : []),
      ...rollouts.flatMap(({ cluster, workspace, release }) => [
        ...(has({ cluster, kind: 'Namespace', name: workspace })
          ? []
          : [`Namespace ${workspace} on ${cluster}, workspace of ${where}`]),
        ...(has({ cluster, namespace: workspace, release })
          ? []
          : [`release ${release} on ${cluster}, namespace ${workspace}, of ${where}`]),
      ]),
    ];
  });
}
