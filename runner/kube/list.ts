// All pages of a list as one state of the world: a list whose continuation expires is read again, in one piece.
import { answerTo, type Caller } from './call.ts';
import type { ListOptions } from './client-types.ts';
import { isKubeError, KubeApiError } from './errors.ts';
import { queryOf } from './query.ts';
import { pathOf, type Resource } from './resource.ts';
import type { KubeObject, ObjectList } from './types.ts';

interface Page<T> {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: T[] | null;
}

export async function listOf<T extends KubeObject>(
  caller: Caller,
  resource: Resource<T>,
  options: ListOptions & { readonly timeoutMs: number },
): Promise<ObjectList<T>> {
  try {
    return await pagesOf(caller, resource, options, options.pageSize ?? 500);
  } catch (error) {
    if (!isKubeError(error, 'CHR_KUBE_GONE')) throw error;
    return pagesOf(caller, resource, options, 0);
  }
}

/** A page size of 0 asks for everything at once. */
async function pagesOf<T extends KubeObject>(
  caller: Caller,
  resource: Resource<T>,
  options: ListOptions & { readonly timeoutMs: number },
  pageSize: number,
): Promise<ObjectList<T>> {
  const { namespace, labelSelector, fieldSelector, signal, timeoutMs } = options;
  const path = pathOf(resource, namespace === undefined ? {} : { namespace });
  const limit = pageSize === 0 ? undefined : String(pageSize);
  const items: T[] = [];
  for (let next: string | undefined; ; ) {
    const query = queryOf({ labelSelector, fieldSelector, limit, continue: next });
    const page = (await answerTo(caller, {
      method: 'GET',
      path: path + query,
      as: { verb: 'list', resource: resource.plural },
      ...{ signal, timeoutMs },
    })) as Page<T>;
    // A proxy's page with status 200 must not read as "there are none".
    if (!isPage(page))
      throw new KubeApiError('CHR_KUBE_SERVER', `list ${resource.plural}: the answer is no list`, {
        status: 200,
      });
    for (const item of page.items ?? [])
      items.push({ ...item, apiVersion: resource.apiVersion, kind: resource.kind });
    next = page.metadata?.continue || undefined;
    if (next === undefined) return { items, resourceVersion: page.metadata?.resourceVersion ?? '' };
  }
}

function isPage(page: unknown): boolean {
  const { metadata, items } = (page ?? {}) as { metadata?: { resourceVersion?: unknown }; items?: unknown };
  return typeof metadata?.resourceVersion === 'string' && (items === null || Array.isArray(items));
}
