// The client: every verb as one HTTP call. What holds for all of them is promised in client-types.ts.
import { KubeConfig } from '@kubernetes/client-node';
import { CharterError } from '../errors/index.ts';
import { answerTo, type Caller } from './call.ts';
import type { CallOptions, ClientOptions, KubeClient, Patch, WriteOptions } from './client-types.ts';
import { discovery } from './discovery.ts';
import { isKubeError } from './errors.ts';
import { listOf } from './list.ts';
import { queryOf } from './query.ts';
import { pathOf, type Resource } from './resource.ts';
import { transport } from './transport.ts';
import type { KubeObject } from './types.ts';
import { watchOf } from './watch.ts';

const contentTypes: Readonly<Record<Patch['type'], string>> = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
};

/** A client of the kubeconfig's text, its current context. Throws CHR_KUBECONFIG. Sends nothing yet. */
export function clientOf(kubeconfig: string, options: ClientOptions = {}): KubeClient {
  const loaded = new KubeConfig();
  try {
    loaded.loadFromString(kubeconfig);
  } catch (cause) {
    // The parser quotes lines, and lines of a kubeconfig are secrets.
    throw new CharterError('CHR_KUBECONFIG', `it cannot be parsed (${(cause as Error).name})`);
  }
  return kubeClient(loaded, options);
}

/** Throws CHR_KUBECONFIG when there is no current cluster. Sends nothing yet. */
export function kubeClient(kubeConfig: KubeConfig, options: ClientOptions = {}): KubeClient {
  const { name = 'charter-runner', timeoutMs = 15_000, onRequest = () => {}, asGroup } = options;
  const caller: Caller = { transport: transport(kubeConfig, name, asGroup), onRequest };
  const bounds = (given: CallOptions) => ({
    signal: given.signal,
    timeoutMs: given.timeoutMs ?? timeoutMs,
  });
  const queryOfWrite = ({ dryRun, fieldManager = name }: WriteOptions, force?: 'true') =>
    queryOf({ dryRun, fieldManager, force });

  async function send<T>(
    verb: 'create' | 'update' | 'patch',
    resource: Resource<KubeObject>,
    where: { readonly name?: string | undefined; readonly namespace?: string | undefined },
    body: { readonly type: string; readonly json: object },
    given: WriteOptions & { readonly force?: 'true' },
  ): Promise<T> {
    const { subresource, force } = given;
    const as = {
      verb,
      resource: resource.plural,
      ...(subresource === undefined ? {} : { subresource }),
    };
    const method = ({ create: 'POST', update: 'PUT', patch: 'PATCH' } as const)[verb];
    const path = pathOf(resource, definedOnly({ ...where, subresource }));
    const call = { method, as, body, path: path + queryOfWrite(given, force), ...bounds(given) };
    return (await answerTo(caller, call)) as T;
  }

  const client: KubeClient = {
    server: caller.transport.server,
    get: async (resource, ref, given = {}) => {
      const path = pathOf(resource, definedOnly({ ...ref, subresource: given.subresource }));
      const as = { verb: 'get', resource: resource.plural } as const;
      return (await answerTo(caller, { method: 'GET', path, as, ...bounds(given) })) as never;
    },
    find: async (resource, ref, given) => {
      try {
        return await client.get(resource, ref, given);
      } catch (error) {
        if (isKubeError(error, 'CHR_KUBE_NOT_FOUND')) return undefined;
        throw error;
      }
    },
    list: (resource, given = {}) => listOf(caller, resource, { ...given, ...withTimeout(given, timeoutMs) }),
    create: (resource, object, given = {}) => {
      const { namespace, name } = object.metadata ?? {};
      // Only a subresource (`token`, `eviction`) is created under the name of its object.
      const where = given.subresource === undefined ? { namespace } : { namespace, name };
      return send('create', resource, where, json(typed(resource, object)), given);
    },
    replace: (resource, object, given = {}) => {
      const { namespace, name } = object.metadata ?? {};
      return send('update', resource, { namespace, name }, json(typed(resource, object)), given);
    },
    patch: (resource, ref, patch, given = {}) => {
      const applied = patch.type === 'apply' ? typed(resource, patch.body as KubeObject) : patch.body;
      const force = patch.type === 'apply' && patch.conflicts === 'force' ? { force: 'true' as const } : {};
      const body = { type: contentTypes[patch.type], json: applied };
      return send('patch', resource, ref, body, { ...given, ...force });
    },
    delete: async (resource, ref, given = {}) => {
      const { uid, resourceVersion, propagation, gracePeriodSeconds, dryRun } = given;
      const preconditions = definedOnly({ uid, resourceVersion });
      const body = json({
        ...{ apiVersion: 'v1', kind: 'DeleteOptions' },
        ...definedOnly({ propagationPolicy: propagation, gracePeriodSeconds }),
        ...(Object.keys(preconditions).length === 0 ? {} : { preconditions }),
      });
      const path = pathOf(resource, ref) + queryOf({ dryRun });
      const as = { verb: 'delete', resource: resource.plural } as const;
      await answerTo(caller, { method: 'DELETE', path, as, body, ...bounds(given) });
    },
    watch: (resource, given) => watchOf(caller, resource, given),
    discover: discovery(caller, { timeoutMs }),
    getPath: (path, given = {}) => {
      const as = { verb: 'get', resource: path.split(/[/?]/)[1] ?? '' } as const;
      return answerTo(caller, { method: 'GET', path, as, ...bounds(given) });
    },
    close: () => caller.transport.close(),
  };
  return client;
}

function json(object: object): { readonly type: string; readonly json: object } {
  return { type: 'application/json', json: object };
}

/** Objects of typed lists come without these two, and the API server wants them. */
function typed<T extends KubeObject>({ apiVersion, kind }: Resource<KubeObject>, object: T): T {
  return { apiVersion, kind, ...object };
}

function withTimeout({ timeoutMs }: CallOptions, byDefault: number): { readonly timeoutMs: number } {
  return { timeoutMs: timeoutMs ?? byDefault };
}

/** Without the fields that are undefined. */
function definedOnly<T extends object>(fields: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
