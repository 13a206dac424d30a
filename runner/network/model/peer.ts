// How peers and cells are called, so that every room names them the same way.
import type { Cell, ExternalPeer, Peer, PodInfo } from './types.ts';

export function isPod(peer: Peer): peer is PodInfo {
  return !isExternal(peer);
}

export function isExternal(peer: Peer): peer is ExternalPeer {
  return 'ip' in peer;
}

/** `namespace/name` of a Pod, the address of anything else. */
export function peerName(peer: Peer): string {
  return isExternal(peer) ? peer.ip : `${peer.namespace}/${peer.name}`;
}

/** `x/a -> y/b 80/TCP`: one key for one cell, the same in every matrix. */
export function cellKey({
  from,
  to,
  port,
  protocol,
}: Pick<Cell, 'from' | 'to' | 'port' | 'protocol'>): string {
  return `${peerName(from)} -> ${peerName(to)} ${port}/${protocol}`;
}
