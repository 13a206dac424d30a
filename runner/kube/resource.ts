// Which path of the API holds a kind of object, with the type of what is found there.
import type * as models from '@kubernetes/client-node';
import type { AnyObject, KubeObject, Wire } from './types.ts';

/** One resource of the API. `object` is never set: it carries the type. */
export interface Resource<T extends KubeObject = AnyObject> {
  /** `v1`, `apps/v1`, `mesh.openkcm.io/v1alpha1`. */
  readonly apiVersion: string;
  readonly kind: string;
  /** As in the path: `deployments`. */
  readonly plural: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly object?: T;
}

/** Declares a resource; that of a custom kind as well: `resource<Tenant>('mesh.openkcm.io/v1alpha1', 'Tenant', 'tenants')`. */
export function resource<T extends KubeObject = AnyObject>(
  apiVersion: string,
  kind: string,
  plural: string,
  scope: Resource['scope'] = 'Namespaced',
): Resource<T> {
  return { apiVersion, kind, plural, scope };
}

export type ConfigMap = Wire<models.V1ConfigMap>;
export type CustomResourceDefinition = Wire<models.V1CustomResourceDefinition>;
export type DaemonSet = Wire<models.V1DaemonSet>;
export type Deployment = Wire<models.V1Deployment>;
export type CoreEvent = Wire<models.CoreV1Event>;
export type Job = Wire<models.V1Job>;
export type Lease = Wire<models.V1Lease>;
export type Namespace = Wire<models.V1Namespace>;
export type Node = Wire<models.V1Node>;
export type Pod = Wire<models.V1Pod>;
export type Role = Wire<models.V1Role>;
export type RoleBinding = Wire<models.V1RoleBinding>;
export type Secret = Wire<models.V1Secret>;
export type Service = Wire<models.V1Service>;
export type ServiceAccount = Wire<models.V1ServiceAccount>;
export type StatefulSet = Wire<models.V1StatefulSet>;

/** The resources that this program names itself; any other is declared with {@link resource}. */
export const resources = {
  configMaps: resource<ConfigMap>('v1', 'ConfigMap', 'configmaps'),
  customResourceDefinitions: resource<CustomResourceDefinition>(
    'apiextensions.k8s.io/v1',
    'CustomResourceDefinition',
    'customresourcedefinitions',
    'Cluster',
  ),
  daemonSets: resource<DaemonSet>('apps/v1', 'DaemonSet', 'daemonsets'),
  deployments: resource<Deployment>('apps/v1', 'Deployment', 'deployments'),
  events: resource<CoreEvent>('v1', 'Event', 'events'),
  jobs: resource<Job>('batch/v1', 'Job', 'jobs'),
  leases: resource<Lease>('coordination.k8s.io/v1', 'Lease', 'leases'),
  namespaces: resource<Namespace>('v1', 'Namespace', 'namespaces', 'Cluster'),
  nodes: resource<Node>('v1', 'Node', 'nodes', 'Cluster'),
  pods: resource<Pod>('v1', 'Pod', 'pods'),
  roles: resource<Role>('rbac.authorization.k8s.io/v1', 'Role', 'roles'),
  roleBindings: resource<RoleBinding>('rbac.authorization.k8s.io/v1', 'RoleBinding', 'rolebindings'),
  secrets: resource<Secret>('v1', 'Secret', 'secrets'),
  services: resource<Service>('v1', 'Service', 'services'),
  serviceAccounts: resource<ServiceAccount>('v1', 'ServiceAccount', 'serviceaccounts'),
  statefulSets: resource<StatefulSet>('apps/v1', 'StatefulSet', 'statefulsets'),
} as const;

/** Path of the collection, or of one object of it, or of the object's subresource. */
export function pathOf(
  { apiVersion, plural, scope }: Resource<KubeObject>,
  where: { readonly name?: string; readonly namespace?: string; readonly subresource?: string } = {},
): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const namespace =
    scope === 'Namespaced' && where.namespace !== undefined
      ? `/namespaces/${encodeURIComponent(where.namespace)}`
      : '';
  const name = where.name === undefined ? '' : `/${encodeURIComponent(where.name)}`;
  const subresource = where.subresource === undefined ? '' : `/${where.subresource}`;
  return `${root}${namespace}/${plural}${name}${subresource}`;
}
