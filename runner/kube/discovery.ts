// Kind to resource, where the kind is known only at run time. What was found is remembered; what was not is asked again, because a
// CustomResourceDefinition may have come meanwhile.
import { answerTo, type Caller } from './call.ts';
import type { CallOptions } from './client-types.ts';
import { isKubeError } from './errors.ts';
import type { Resource } from './resource.ts';

interface ResourceList {
  readonly resources?: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
  }[];
}

/** What it is taken from may have been written by anybody, and it becomes a path that is asked for with all rights of this client. */
const groupVersion = /^([a-z0-9][a-z0-9.-]*\/)?[a-z0-9]+$/;

export function discovery(
  caller: Caller,
  defaults: { readonly timeoutMs: number },
): (apiVersion: string, kind: string, options?: CallOptions) => Promise<Resource | undefined> {
  const known = new Map<string, Resource>();
  return async (apiVersion, kind, options = {}) => {
    const found = known.get(`${apiVersion} ${kind}`);
    if (found !== undefined || !groupVersion.test(apiVersion)) return found;
    const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    for (const one of await resourcesAt(caller, path, { ...defaults, ...options }))
      if (!one.name.includes('/'))
        known.set(`${apiVersion} ${one.kind}`, {
          ...{ apiVersion, kind: one.kind, plural: one.name },
          scope: one.namespaced ? 'Namespaced' : 'Cluster',
        });
    return known.get(`${apiVersion} ${kind}`);
  };
}

async function resourcesAt(
  caller: Caller,
  path: string,
  { signal, timeoutMs }: CallOptions & { readonly timeoutMs: number },
): Promise<NonNullable<ResourceList['resources']>> {
  try {
    const as = { verb: 'get', resource: 'discovery' } as const;
    const list = (await answerTo(caller, { method: 'GET', path, as, signal, timeoutMs })) as ResourceList;
    return list.resources ?? [];
  } catch (error) {
    if (isKubeError(error, 'CHR_KUBE_NOT_FOUND')) return [];
    throw error;
  }
}
