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
  const wanted = canonicalAddress(ip);
  const own = hostNetwork === true ? [...nodeIps, ...ips] : nodeIps;
  return own.some((one) => canonicalAddress(one) === wanted) ? 'own-node' : undefined;
}

/** Source and destination as one engine or another sees them; more than one pair only where the host's network is involved. */
export type Readings = readonly (readonly [source: Subject, destination: Subject])[];

export type Ends = (from: Peer, to: Peer, family: Family | undefined) => Readings;

/** Subjects are made once per Pod, family and reading, so that what peers say of them can be remembered. */
export function endsOf(): Ends {
  const subjects = {
    pod: { IPv4: new Map<Peer, Subject>(), IPv6: new Map<Peer, Subject>(), any: new Map<Peer, Subject>() },
    node: { IPv4: new Map<Peer, Subject>(), IPv6: new Map<Peer, Subject>(), any: new Map<Peer, Subject>() },
  };
  const subject = (peer: Peer, family: Family | undefined, reading: Reading): Subject => {
    const known = subjects[reading][family ?? 'any'];
    const before = known.get(peer);
    if (before !== undefined) return before;
    const made = newSubject(peer, family, reading);
    known.set(peer, made);
    return made;
  };
  const families = new Map<Peer, Families>();
  const familiesOf = (peer: Peer) => {
    const before = families.get(peer);
    if (before !== undefined) return before;
    const found = (isExternal(peer) ? [peer.ip] : peer.ips).map(familyOf);
    families.set(peer, found);
    return found;
  };
  return (from, to, asked) => {
    const family = asked ?? commonFamily(familiesOf(from), familiesOf(to));
    return readingsOf(from).flatMap((source) =>
      readingsOf(to).map(
        (destination) => [subject(from, family, source), subject(to, family, destination)] as const,
      ),
    );
  };
}

type Reading = 'pod' | 'node';

const asPod: readonly Reading[] = ['pod'];
const asEither: readonly Reading[] = ['node', 'pod'];

/** The reading that most engines take comes first: a Pod in the host's network is its node's address. */
function readingsOf(peer: Peer): readonly Reading[] {
  return !isExternal(peer) && peer.hostNetwork === true ? asEither : asPod;
}

function newSubject(peer: Peer, family: Family | undefined, reading: Reading): Subject {
  if (isExternal(peer)) return { address: peer.ip };
  const { ips, hostNetwork, nodeIps = [] } = peer;
  const known = ips.length === 0 && hostNetwork === true ? nodeIps : ips;
  const address =
    known.length === 0
      ? undefined
      : (known.find((ip) => family === undefined || familyOf(ip) === family) ?? null);
  return reading === 'pod' ? { pod: peer, address } : { address };
}

type Families = readonly (Family | undefined)[];

function commonFamily(ofSource: Families, ofDestination: Families): Family | undefined {
  if (ofSource.length === 0) return ofDestination[0];
  if (ofDestination.length === 0) return ofSource[0];
  return ofDestination.find((family) => ofSource.includes(family));
}
