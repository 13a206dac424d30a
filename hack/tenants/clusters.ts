// The harness's own eyes and hands in each cluster: straight to the API server, past the operator and every fault.
import { readFileSync } from 'node:fs';
import {
  type AnyObject,
  clientOf,
  type KubeClient,
  type Resource,
  resource,
  resources,
} from '../../runner/kube/index.ts';
import type { Cluster, ClusterName, InventoryItem, Kind, Thing } from '../../suites/tenants/world.ts';

const rbac = 'rbac.authorization.k8s.io/v1';

const kinds: Readonly<Record<Kind, Resource<AnyObject>>> = {
  Namespace: resource('v1', 'Namespace', 'namespaces', 'Cluster'),
  Secret: resource('v1', 'Secret', 'secrets'),
  ConfigMap: resource('v1', 'ConfigMap', 'configmaps'),
  Deployment: resource('apps/v1', 'Deployment', 'deployments'),
  Pod: resource('v1', 'Pod', 'pods'),
  Event: resource('v1', 'Event', 'events'),
  Tenant: resource('mesh.openkcm.io/v1alpha1', 'Tenant', 'tenants'),
  CustomResourceDefinition: resource(
    'apiextensions.k8s.io/v1',
    'CustomResourceDefinition',
    'customresourcedefinitions',
    'Cluster',
  ),
  ClusterRole: resource(rbac, 'ClusterRole', 'clusterroles', 'Cluster'),
  ClusterRoleBinding: resource(rbac, 'ClusterRoleBinding', 'clusterrolebindings', 'Cluster'),
  Role: resource(rbac, 'Role', 'roles'),
  RoleBinding: resource(rbac, 'RoleBinding', 'rolebindings'),
  ServiceAccount: resource('v1', 'ServiceAccount', 'serviceaccounts'),
  NetworkPolicy: resource('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies'),
  Lease: resource('coordination.k8s.io/v1', 'Lease', 'leases'),
  ResourceQuota: resource('v1', 'ResourceQuota', 'resourcequotas'),
  Service: resource('v1', 'Service', 'services'),
  Job: resource('batch/v1', 'Job', 'jobs'),
  HorizontalPodAutoscaler: resource('autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers'),
};

/** Kinds that a Tenant, its release or the operator may leave behind. */
export const swept: readonly Kind[] = [
  ...(['Namespace', 'Secret', 'Tenant', 'CustomResourceDefinition'] as const),
  ...(['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding', 'ServiceAccount'] as const),
  ...(['Deployment', 'ConfigMap', 'Service', 'Job', 'NetworkPolicy', 'HorizontalPodAutoscaler'] as const),
];

/** Kubernetes itself puts them into every namespace. */
const ofEveryNamespace = new Set(['ConfigMap kube-root-ca.crt', 'ServiceAccount default']);

/** What comes and goes by Kubernetes' own doing: a CronJob of somebody else starts Jobs whenever it is time. */
export function isOfKubernetes(kind: Kind, { metadata }: Thing): boolean {
  if (ofEveryNamespace.has(`${kind} ${metadata.name}`)) return true;
  return metadata.ownerReferences?.some((owner) => owner.kind === 'CronJob') === true;
}

const manager = 'charter-harness';

export interface HarnessCluster extends Cluster {
  /** What the orphan oracle looks at. */
  readonly inventory: () => Promise<readonly InventoryItem[]>;
  readonly close: () => Promise<void>;
}

export function harnessCluster(name: ClusterName, kubeconfigFile: string): HarnessCluster {
  const client: KubeClient = clientOf(readFileSync(kubeconfigFile, 'utf8'), { name: manager });
  const list: Cluster['list'] = async (kind, { namespace, labels } = {}) => {
    const { items } = await client.list(kinds[kind], {
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labelSelector: labels }),
    });
    return items as unknown as Thing[];
  };
  return {
    name,
    list,
    find: async (kind, where) => (await client.find(kinds[kind], where)) as Thing | undefined,
    apply: async (thing) => {
      const { kind, metadata } = thing;
      const where = {
        name: metadata.name,
        ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      };
      const patch = { type: 'apply', body: thing, conflicts: 'force' } as const;
      return (await client.patch(kinds[kind as Kind], where, patch, { fieldManager: manager })) as Thing;
    },
    patch: async (kind, where, body, { subresource, manager: as } = {}) => {
      const options = {
        fieldManager: as ?? manager,
        ...(subresource === undefined ? {} : { subresource }),
      };
      await client.patch(kinds[kind], where, { type: 'merge', body }, options);
    },
    remove: async (kind, where, { graceSeconds } = {}) => {
      if ((await client.find(kinds[kind], where)) === undefined) return;
      const grace = graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds };
      await client.delete(kinds[kind] as Resource<never>, where, { ...grace, propagation: 'Background' });
    },
    inventory: async () => {
      const lists = await Promise.all(
        swept.map(async (kind) => {
          const things = await allOf(kind);
          return things.filter((one) => !isOfKubernetes(kind, one)).map((one) => itemOf(name, kind, one));
        }),
      );
      return lists.flat();
    },
    close: () => client.close(),
  };

  /** A cluster that no operator has seen knows no Tenant. */
  async function allOf(kind: Kind): Promise<readonly Thing[]> {
    if (kind !== 'Tenant') return list(kind);
    const crd = { name: 'tenants.mesh.openkcm.io' };
    return (await client.find(resources.customResourceDefinitions, crd)) === undefined ? [] : list(kind);
  }
}

export function itemOf(cluster: ClusterName, kind: Kind, { metadata, type }: Thing): InventoryItem {
  const release = type === 'helm.sh/release.v1' ? metadata.labels?.name : undefined;
  return {
    ...{ cluster, kind, name: metadata.name },
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
    ...(release === undefined ? {} : { release }),
    finalizers: metadata.finalizers ?? [],
    state: metadata.deletionTimestamp === undefined ? 'there' : 'going',
    ...(isMarked(metadata) ? { mark: 'of the operator' } : {}),
  };
}

function isMarked({ labels = {}, annotations = {} }: Thing['metadata']): boolean {
  return (
    labels['app.kubernetes.io/managed-by'] === 'tenant-operator' ||
    Object.keys({ ...labels, ...annotations }).some((key) => key.startsWith('mesh.openkcm.io/'))
  );
}
