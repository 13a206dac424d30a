// The shapes that the API server sends: the client package's models as they look on the wire, where a time is a text.

/** RFC 3339 in UTC, e.g. `2026-11-21T08:30:00Z`. */
export type Timestamp = string;

/**
 * A model of the client package as JSON has it: times are texts and names that had to be escaped (`_from`, `_continue`) are
 * themselves again.
 */
export type Wire<T> = T extends Date
  ? Timestamp
  : T extends readonly (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { [Name in keyof T as Name extends `_${infer Plain}` ? Plain : Name]: Wire<T[Name]> }
      : T;

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export interface ObjectMeta {
  name?: string;
  generateName?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: Timestamp;
  deletionTimestamp?: Timestamp;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  managedFields?: ManagedField[];
}

export interface ManagedField {
  manager?: string;
  operation?: string;
  subresource?: string;
  apiVersion?: string;
  time?: Timestamp;
  fieldsType?: string;
  fieldsV1?: object;
}

/** What every object has. Objects that the API server has stored carry name, uid and resourceVersion. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata?: ObjectMeta;
}

/** An object of a kind that is known only at run time. */
export interface AnyObject extends KubeObject {
  [field: string]: unknown;
}

/** All pages of a list; `resourceVersion` is where a watch goes on from. */
export interface ObjectList<T extends KubeObject> {
  readonly items: T[];
  readonly resourceVersion: string;
}

export interface ObjectRef {
  readonly name: string;
  /** Left out for a resource of the cluster. */
  readonly namespace?: string;
}

/** `namespace/name`, or `name` for an object of the cluster: the key of stores and queues. */
export function keyOf(object: KubeObject | ObjectRef): string {
  const { name, namespace } = ('metadata' in object ? object.metadata : (object as ObjectRef)) ?? {};
  return namespace === undefined || namespace === '' ? (name ?? '') : `${namespace}/${name ?? ''}`;
}

/** The other way of {@link keyOf}. */
export function refOf(key: string): ObjectRef {
  const slash = key.indexOf('/');
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
