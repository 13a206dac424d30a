// What a killed run left: namespaces with the label of a world. Everything else of a world lives in them.
import { isKubeError, type KubeClient, pause, resources, systemClock } from '../../kube/index.ts';
import { expiresAnnotation, harnessLabel, harnessValue, worldLabel } from './names.ts';

/** Milliseconds until namespaces are really gone. */
const goneMs = 120_000;

/**
 * Deletes worlds and waits until they are gone: the one of `suffix`, those whose time is over (a world of a run that lives is never
 * among them), or all. Gives the names of the deleted namespaces.
 */
export async function sweepWorlds(
  client: KubeClient,
  which: { readonly suffix: string } | 'expired' | 'all',
): Promise<readonly string[]> {
  const found = await namespacesOf(client, which);
  for (const name of found) {
    try {
      await client.delete(resources.namespaces as never, { name });
    } catch (error) {
      if (!isKubeError(error, 'CHR_KUBE_NOT_FOUND', 'CHR_KUBE_CONFLICT')) throw error;
    }
  }
  const until = performance.now() + goneMs;
  for (let left = found; left.length > 0 && performance.now() < until; ) {
    await pause(systemClock, 250);
    const there = await namespacesOf(client, which);
    left = left.filter((name) => there.includes(name));
  }
  return found;
}

async function namespacesOf(
  client: KubeClient,
  which: { readonly suffix: string } | 'expired' | 'all',
): Promise<readonly string[]> {
  const labelSelector =
    typeof which === 'object'
      ? `${harnessLabel}=${harnessValue},${worldLabel}=${which.suffix}`
      : `${harnessLabel}=${harnessValue}`;
  const { items } = await client.list(resources.namespaces, { labelSelector });
  return items
    .filter(({ metadata }) => which !== 'expired' || isOver(metadata?.annotations?.[expiresAnnotation]))
    .map(({ metadata }) => metadata?.name ?? '');
}

function isOver(expires: string | undefined): boolean {
  return expires !== undefined && Date.parse(expires) < Date.now();
}
