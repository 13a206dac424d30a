// What a killed run left: namespaces with the label of a world.
import type { KubeClient } from '../../kube/index.ts';

/** Deletes worlds: those of `suffix`, or all whose time is over. Gives the names of the deleted namespaces. */
export declare function sweepWorlds(
  client: KubeClient,
  which: { readonly suffix: string } | 'expired' | 'all',
): Promise<readonly string[]>;
