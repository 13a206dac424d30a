export { type BackoffOptions, backoffMs } from './backoff.ts';
export { clientOf, kubeClient } from './client.ts';
export type {
  CallOptions,
  ClientOptions,
  DeleteOptions,
  JsonPatchStep,
  KubeClient,
  ListOptions,
  Patch,
  RequestRecord,
  Selection,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from './client-types.ts';
export { type Clock, pause, systemClock } from './clock.ts';
export { type ClusterAddress, connect, loadKubeConfig } from './connect.ts';
export { type ApiStatus, isKubeError, KubeApiError } from './errors.ts';
export { informer } from './informer.ts';
export type { Informer, InformerEvent, InformerOptions, Store } from './informer-types.ts';
export {
  type ClusterAccess,
  connectWithLogs,
  type FollowLog,
  type FollowOptions,
  type LogSource,
} from './logs.ts';
export {
  type ConfigMap,
  type CoreEvent,
  type CustomResourceDefinition,
  type DaemonSet,
  type Deployment,
  type Job,
  type Lease,
  type Namespace,
  type Node,
  type Pod,
  pathOf,
  type Resource,
  type Role,
  type RoleBinding,
  resource,
  resources,
  type Secret,
  type Service,
  type ServiceAccount,
  type StatefulSet,
} from './resource.ts';
export { type Snapshot, snapshotResources, takeSnapshot } from './snapshot.ts';
export {
  type AnyObject,
  type KubeObject,
  keyOf,
  type ObjectList,
  type ObjectMeta,
  type ObjectRef,
  refOf,
  type Timestamp,
  type Wire,
} from './types.ts';
