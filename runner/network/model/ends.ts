// Who the two ends of a connection are to a policy: Pods, addresses, or (for a Pod in the host's network) one or the other.
import { canonicalAddress, familyOf } from './address.ts';
import type { Subject } from './compile.ts';
import { isExternal } from './peer.ts';
import type { Family, Peer, PodInfo } from './types.ts';

/** What of the specification takes the pair out of the policies' hands. */
export function pairing(from: Peer, to: Peer): 'self' | 'own-node' | undefined {
  if (!isExternal(from) && !isExternal(to)) {
    if (from.namespace === to.namespace && from.name === to.name) return 'self';
    const shares = from.node !== undefined && from.node === to.node;
    return shares && (from.hostNetwork === true || to.hostNetwork === true) ? 'own-node' : undefined;
  }
  if (isExternal(from)) return isExternal(to) ? undefined : nodeOf(to, from.ip);
  return isExternal(to) ? nodeOf(from, to.ip) : undefined;
}

function nodeOf({ nodeIps = [], hostNetwork, ips }: PodInfo, ip: string): 'own-node' | undefined {
  const own = [...nodeIps, ...(hostNetwork === true ? ips : [])].map(canonicalAddress);
  return own.includes(canonicalAddress(ip)) ? 'own-node' : undefined;
}

export type Ends = (
  from: Peer,
  to: Peer,
  family: Family | undefined,
) => readonly (readonly [source: Subject, destination: Subject])[];

/** Subjects are made once per Pod and family, so that what peers say of them can be remembered. */
export function endsOf(): Ends {
  const subjects = new Map<Peer, Map<string, Subject>>();
  const subject = (peer: Peer, family: Family | undefined, reading: 'pod' | 'node'): Subject => {
    const own = subjects.get(peer) ?? new Map<string, Subject>();
    subjects.set(peer, own);
    const key = `${reading} ${family}`;
    const known = own.get(key) ?? newSubject(peer, family, reading);
    own.set(key, known);
    return known;
  };
  return (from, to, asked) => {
    const family = asked ?? commonFamily(from, to);
    return readingsOf(from).flatMap((source) =>
      readingsOf(to).map(
        (destination) => [subject(from, family, source), subject(to, family, destination)] as const,
      ),
    );
  };
}

/** The reading that most engines take comes first: a Pod in the host's network is its node's address. */
function readingsOf(peer: Peer): readonly ('pod' | 'node')[] {
  return !isExternal(peer) && peer.hostNetwork === true ? ['node', 'pod'] : ['pod'];
}

function newSubject(peer: Peer, family: Family | undefined, reading: 'pod' | 'node'): Subject {
  if (isExternal(peer)) return { address: peer.ip };
  const { ips, hostNetwork, nodeIps = [] } = peer;
  const known = ips.length === 0 && hostNetwork === true ? nodeIps : ips;
  const address =
    known.length === 0
      ? undefined
      : (known.find((ip) => family === undefined || familyOf(ip) === family) ?? null);
  return reading === 'pod' ? { pod: peer, address } : { address };
}

function commonFamily(from: Peer, to: Peer): Family | undefined {
  const ofSource = addressesOf(from).map(familyOf);
  const ofDestination = addressesOf(to).map(familyOf);
  if (ofSource.length === 0) return ofDestination[0];
  return (
    ofDestination.find((family) => ofSource.includes(family)) ??
    (ofDestination.length === 0 ? ofSource[0] : undefined)
  );
}

function addressesOf(peer: Peer): readonly string[] {
  return isExternal(peer) ? [peer.ip] : peer.ips;
}
