// From what somebody types to who is meant: an address, a Pod, or a workload by its name.
import { CharterError } from '../../errors/index.ts';
import { familyOf } from '../model/address.ts';
import { peerName } from '../model/peer.ts';
import type { Peer, PodInfo } from '../model/types.ts';
import type { NetworkState } from '../state/types.ts';

/**
 * The peers that `text` names: one, or all Pods of a workload. `namespace/pod`, `namespace/workload`, `namespace/kind/name`,
 * `name` in the default namespace, or an address. Throws CHR_PEER_UNKNOWN with what was probably meant.
 */
export function findPeers(
  { pods, source }: Pick<NetworkState, 'pods' | 'source'>,
  text: string,
): readonly Peer[] {
  if (familyOf(text) !== undefined) return [{ ip: text }];
  const [namespace = '', ...words] = text.includes('/') ? text.split('/') : ['default', text];
  const inNamespace = pods.filter((pod) => pod.namespace === namespace);
  const found = lookUp(inNamespace, words);
  if (found.length > 0) return found;
  throw unknown(text, { namespace, pods, inNamespace, source });
}

function lookUp(pods: readonly PodInfo[], [first = '', second]: readonly string[]): readonly PodInfo[] {
  if (second !== undefined)
    return pods.filter(({ workload }) => workload?.toLowerCase() === `${first}/${second}`.toLowerCase());
  const byName = pods.filter(({ name }) => name === first);
  return byName.length > 0 ? byName : pods.filter(({ workload }) => workload?.split('/')[1] === first);
}

interface Around {
  readonly namespace: string;
  readonly pods: readonly PodInfo[];
  readonly inNamespace: readonly PodInfo[];
  readonly source: string;
}

function unknown(text: string, { namespace, pods, inNamespace, source }: Around): CharterError {
  const names = [...new Set(pods.flatMap(namesOf))];
  const guess = nearMiss(text, names);
  const where =
    inNamespace.length === 0 ? `namespace ${namespace} has no Pod` : 'no Pod and no workload has it';
  const meant = guess === undefined ? '' : `; did you mean ${guess}?`;
  return new CharterError('CHR_PEER_UNKNOWN', `'${text}' is not known: ${where} in ${source}${meant}`);
}

function namesOf(pod: PodInfo): string[] {
  const workload = pod.workload?.split('/')[1];
  return workload === undefined ? [peerName(pod)] : [peerName(pod), `${pod.namespace}/${workload}`];
}

/** A slip of the fingers leaves beginning and end of a word as they were; a forgotten namespace leaves its end. */
function nearMiss(text: string, names: readonly string[]): string | undefined {
  const scored = names.map((name) => ({ name, score: likeness(text, name) }));
  const best = scored.toSorted((a, b) => b.score - a.score)[0];
  return best !== undefined && best.score >= 0.6 ? best.name : undefined;
}

/** From 0 to 1: how much of the longer name is a beginning or an end that both have. */
function likeness(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let end = 0;
  while (end < shorter - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  if (b.endsWith(`/${a.slice(a.indexOf('/') + 1)}`)) return 0.95;
  return (start + end) / Math.max(a.length, b.length);
}
