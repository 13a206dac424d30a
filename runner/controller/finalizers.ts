// A finalizer is put on and taken off by a patch that only holds for the very object that was read: same uid, same resourceVersion.
import { isKubeError, type KubeClient, type KubeObject, keyOf, type Resource, refOf } from '../kube/index.ts';

export function hasFinalizer({ metadata }: KubeObject, finalizer: string): boolean {
  return metadata?.finalizers?.includes(finalizer) === true;
}

/** The object with the finalizer. Throws CHR_KUBE_CONFLICT when it was changed since it was read. */
export async function addFinalizer<T extends KubeObject>(
  client: KubeClient,
  resource: Resource<T>,
  object: T,
  finalizer: string,
): Promise<T> {
  if (hasFinalizer(object, finalizer)) return object;
  return write(client, resource, object, [...(object.metadata?.finalizers ?? []), finalizer]);
}

/**
 * Undefined when the object is gone, also because this was its last finalizer and it was marked for deletion earlier. Throws
 * CHR_KUBE_CONFLICT when it was changed since it was read, or is another object of the same name.
 */
export async function removeFinalizer<T extends KubeObject>(
  client: KubeClient,
  resource: Resource<T>,
  object: T,
  finalizer: string,
): Promise<T | undefined> {
  if (!hasFinalizer(object, finalizer)) return object;
  const rest = (object.metadata?.finalizers ?? []).filter((one) => one !== finalizer);
  try {
    const written = await write(client, resource, object, rest);
    return rest.length === 0 && written.metadata?.deletionTimestamp !== undefined ? undefined : written;
  } catch (error) {
    if (isKubeError(error, 'CHR_KUBE_NOT_FOUND')) return undefined;
    throw error;
  }
}

function write<T extends KubeObject>(
  client: KubeClient,
  resource: Resource<T>,
  object: T,
  finalizers: readonly string[],
): Promise<T> {
  const { uid, resourceVersion } = object.metadata ?? {};
  const body = { metadata: { uid, resourceVersion, finalizers } };
  return client.patch(resource, refOf(keyOf(object)), { type: 'merge', body });
}
