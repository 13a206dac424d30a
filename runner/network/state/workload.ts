// Which workload a running Pod belongs to, by what its owner's name shows.
interface Owned {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly ownerReferences?: readonly OwnerShape[] | undefined;
}

interface OwnerShape {
  readonly kind: string;
  readonly name: string;
  readonly controller?: boolean | undefined;
}

/** `Deployment/web` and the like; undefined for a Pod that nobody made. */
export function workloadOf({ name, labels = {}, ownerReferences = [] }: Owned): string | undefined {
  const owner = ownerReferences.find(({ controller }) => controller === true);
  if (owner === undefined) return undefined;
  // A static Pod is owned by its node, whose name ends its own.
  if (owner.kind === 'Node')
    return name.endsWith(`-${owner.name}`) ? `StaticPod/${name.slice(0, -owner.name.length - 1)}` : undefined;
  const hash = labels['pod-template-hash'];
  if (owner.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`))
    return `Deployment/${owner.name.slice(0, -hash.length - 1)}`;
  // A CronJob's Job ends with the minute it was planned for.
  const [, cronJob] = /^(.+)-\d{8,}$/.exec(owner.name) ?? [];
  return owner.kind === 'Job' && cronJob !== undefined ? `CronJob/${cronJob}` : `${owner.kind}/${owner.name}`;
}

/** Labels that differ between Pods of one workload, or between two versions of it: nothing to write into a policy. */
const volatile: ReadonlySet<string> = new Set([
  'pod-template-hash',
  'controller-revision-hash',
  'pod-template-generation',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-name',
  'controller-uid',
  'job-name',
]);

export function stableLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !volatile.has(key)));
}
