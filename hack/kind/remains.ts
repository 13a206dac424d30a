// What is in the way of a new cluster: nodes of one that is not whole. They are removed, and nobody who kept them for a look should wonder.
import { type Cluster, kindName } from './declaration.ts';
import { listed, nodeLabel } from './idle.ts';

/** Why these nodes must go, for people; undefined where there are none. */
export async function whyRemoved({ name }: Pick<Cluster, 'name'>): Promise<string | undefined> {
  const filter = ['--filter', `label=${nodeLabel}=${kindName(name)}`];
  const states = await listed(['ps', '-a', ...filter, '--format', '{{.Names}} {{.State}}']);
  if (states.length === 0) return undefined;
  const notRunning = states.filter((state) => !state.endsWith(' running'));
  const why =
    notRunning.length > 0
      ? `${notRunning.join(', ')}; nodes that do not run are not started again`
      : 'its creation did not end, or its nodes were started again';
  return `cluster ${name} is removed and made anew: ${why}`;
}
