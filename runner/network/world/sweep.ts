// What a killed run left: namespaces with the label of a world. Everything else of a world lives in them.
import { CharterError } from '../../errors/index.ts';
import {
  isKubeError,
  type KubeClient,
  type Namespace,
  pause,
  resources,
  systemClock,
} from '../../kube/index.ts';
import { expiresAnnotation, harnessLabel, harnessValue, worldLabel } from './names.ts';

/** Milliseconds until namespaces are really gone. */
const goneMs = 120_000;

export type Sweep = { readonly suffix: string } | 'expired' | 'all';

/** Names of namespaces. */
export interface Swept {
  readonly gone: readonly string[];
  /** Deleted, and still there when the time was over: something of them does not go. */
  readonly terminating: readonly string[];
  /** Left alone because the time of their worlds is not over; somebody may be using them. */
  readonly spared: readonly string[];
}

/**
 * Deletes worlds and waits until they are gone: the one of `suffix`, those whose time is over (a world of a run that lives is never
 * among them), or all. `withinMs`: how long.
 */
export async function sweepWorlds(client: KubeClient, which: Sweep, withinMs = goneMs): Promise<Swept> {
  const all = await namespacesOf(client, which);
  const found = all.filter((one) => which !== 'expired' || isOver(one)).map(nameOf);
  for (const name of found) {
    try {
      await client.delete(resources.namespaces as never, { name });
    } catch (error) {
      if (!isKubeError(error, 'CHR_KUBE_NOT_FOUND', 'CHR_KUBE_CONFLICT')) throw error;
    }
  }
  const until = performance.now() + withinMs;
  let terminating = found;
  while (terminating.length > 0 && performance.now() < until) {
    await pause(systemClock, 250);
    const there = new Set((await namespacesOf(client, which)).map(nameOf));
    terminating = terminating.filter((name) => there.has(name));
  }
  return {
    gone: found.filter((name) => !terminating.includes(name)),
    terminating,
    spared: all.map(nameOf).filter((name) => !found.includes(name)),
  };
}

/** Deletes one world. Throws CHR_WORLD when some of it does not go. */
export async function removeWorld(client: KubeClient, suffix: string, withinMs = goneMs): Promise<void> {
  const { terminating } = await sweepWorlds(client, { suffix }, withinMs);
  if (terminating.length === 0) return;
  throw new CharterError('CHR_WORLD', `still terminating: ${terminating.join(', ')}`, {
    hint: 'kubectl get namespace -o yaml says what of it does not go; charter network sweep --all tries again.',
  });
}

async function namespacesOf(client: KubeClient, which: Sweep): Promise<readonly Namespace[]> {
  const labelSelector =
    typeof which === 'object'
      ? `${harnessLabel}=${harnessValue},${worldLabel}=${which.suffix}`
      : `${harnessLabel}=${harnessValue}`;
  const { items } = await client.list(resources.namespaces, { labelSelector });
  return items;
}

function nameOf({ metadata }: Namespace): string {
  return metadata?.name ?? '';
}

function isOver({ metadata }: Namespace): boolean {
  const expires = metadata?.annotations?.[expiresAnnotation];
  return expires !== undefined && Date.parse(expires) < Date.now();
}
