// What can be asked of an API server. The client (client.ts) is one implementation; a fence (see runner/controller) is another.
import type { Resource } from './resource.ts';
import type { KubeObject, ObjectList, ObjectRef } from './types.ts';

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds for the whole call, 15,000 when not given. Nothing waits for ever. */
  readonly timeoutMs?: number;
}

export interface WriteOptions extends CallOptions {
  /** `status`, `scale`, `eviction`, … */
  readonly subresource?: string;
  /** Everything happens except the writing. */
  readonly dryRun?: 'All';
  /** Who the fields belong to afterwards; `charter-runner` when not given. At most 128 characters. */
  readonly fieldManager?: string;
}

export interface Selection {
  /** All namespaces when not given. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface ListOptions extends Selection, CallOptions {
  /** Objects per request, 500 when not given. */
  readonly pageSize?: number;
}

/**
 * `merge`: RFC 7386; a resourceVersion or uid in its metadata is a precondition. `json`: RFC 6902. `apply`: server-side apply of the
 * whole intent, `conflicts` says what happens with fields that belong to others: `refuse` (409) when not given.
 */
export type Patch =
  | { readonly type: 'merge'; readonly body: object }
  | { readonly type: 'strategic'; readonly body: object }
  | { readonly type: 'json'; readonly body: readonly JsonPatchStep[] }
  | { readonly type: 'apply'; readonly body: object; readonly conflicts?: 'force' | 'refuse' };

export type JsonPatchStep =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'move' | 'copy'; readonly path: string; readonly from: string };

export interface DeleteOptions extends CallOptions {
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly propagation?: 'Orphan' | 'Background' | 'Foreground';
  readonly gracePeriodSeconds?: number;
  readonly dryRun?: 'All';
}

export type WatchEvent<T extends KubeObject> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string };

export interface WatchOptions extends Selection {
  readonly resourceVersion: string;
  readonly signal?: AbortSignal;
  /** The API server ends the watch itself after this time; 300 s when not given. */
  readonly timeoutSeconds?: number;
  /** Milliseconds without a byte after which the connection counts as dead; 90,000 when not given. Bookmarks come once a minute. */
  readonly idleMs?: number;
  /** Called once the API server has agreed, before any event. */
  readonly onBegin?: () => void;
}

/**
 * Typed access to one API server. Every call either answers with what the API server sent or throws a KubeApiError, whose `code` says
 * what went wrong (conflict, not found, forbidden, gone, too many requests, unreachable, timeout, …). No call tries again by itself:
 * whoever calls knows whether that is right, and a reconcile that is repeated with backoff does it anyway. The one exception to
 * "throws" is an aborted `signal`: its reason is thrown.
 */
export interface KubeClient {
  /** URL of the API server. */
  readonly server: string;
  readonly get: <T extends KubeObject>(
    resource: Resource<T>,
    ref: ObjectRef,
    options?: CallOptions & { readonly subresource?: string },
  ) => Promise<T>;
  /** Undefined where `get` throws CHR_KUBE_NOT_FOUND; a refusal is still thrown: it is never "absent". */
  readonly find: <T extends KubeObject>(
    resource: Resource<T>,
    ref: ObjectRef,
    options?: CallOptions,
  ) => Promise<T | undefined>;
  /** All pages of one consistent state. Items carry apiVersion and kind. A list that expires between pages is started again once. */
  readonly list: <T extends KubeObject>(
    resource: Resource<T>,
    options?: ListOptions,
  ) => Promise<ObjectList<T>>;
  /** Into the namespace of the object's metadata. */
  readonly create: <T extends KubeObject>(
    resource: Resource<T>,
    object: T,
    options?: WriteOptions,
  ) => Promise<T>;
  /** Writes the whole object; with a resourceVersion in it only if nobody wrote meanwhile. */
  readonly replace: <T extends KubeObject>(
    resource: Resource<T>,
    object: T,
    options?: WriteOptions,
  ) => Promise<T>;
  readonly patch: <T extends KubeObject>(
    resource: Resource<T>,
    ref: ObjectRef,
    patch: Patch,
    options?: WriteOptions,
  ) => Promise<T>;
  /** `uid` and `resourceVersion` are preconditions (409 otherwise). Answers as soon as the API server has marked it. */
  readonly delete: (resource: Resource<KubeObject>, ref: ObjectRef, options?: DeleteOptions) => Promise<void>;
  /** Yields until the API server ends the watch; throws when it breaks. An informer (informer.ts) is what most want. */
  readonly watch: <T extends KubeObject>(
    resource: Resource<T>,
    options: WatchOptions,
  ) => AsyncIterable<WatchEvent<T>>;
  /** The resource of a kind that is known only at run time, by discovery, remembered. Undefined when the cluster has no such kind. */
  readonly discover: (
    apiVersion: string,
    kind: string,
    options?: CallOptions,
  ) => Promise<Resource | undefined>;
  /** One JSON answer of any path: `/version`, `/readyz`, … */
  readonly getPath: (path: string, options?: CallOptions) => Promise<unknown>;
  /** Closes all connections; open calls and watches fail. */
  readonly close: () => Promise<void>;
}

/** One request that has ended, for counting. `resource` is the plural, or the path's first part where there is none. */
export interface RequestRecord {
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';
  readonly resource: string;
  readonly subresource?: string;
  /** HTTP status, or what happened instead. */
  readonly status: number | 'unreachable' | 'timeout' | 'aborted';
  /** Until the answer was there; for a watch until it began. */
  readonly ms: number;
}

export interface ClientOptions {
  /** Called once per request that was sent. */
  readonly onRequest?: (request: RequestRecord) => void;
  /** Milliseconds for a call whose options say nothing; 15,000. */
  readonly timeoutMs?: number;
  /** Default `fieldManager`, and in the User-Agent header; `charter-runner`. */
  readonly name?: string;
  /** Only with a kubeconfig that impersonates (`as`): a group beside it. The client package leaves `as-groups` out (2.0.1). */
  readonly asGroup?: string | undefined;
}
