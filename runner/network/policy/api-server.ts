// Where the API server really listens. A policy must name that: Service addresses are rewritten before most engines look.
import { isIP } from 'node:net';
import { CharterError } from '../../errors/index.ts';
import type { Endpoint } from './workload.ts';

/** What a user gave: a host, `host:port`, a URL, or the Service `kubernetes` in one of its spellings. */
export type ApiServerPlace =
  | { readonly kind: 'host'; readonly host: string; readonly port: number }
  | { readonly kind: 'service' };

const serviceNames = /^kubernetes(\.default(\.svc(\.[a-z0-9.-]+)?)?)?$/;
const defaultPort = 6443;

/** Pure. A bare host listens at 6443, a URL without a port at 443. @throws CHR_NETWORK_ADDRESS */
export function parseApiServer(text: string): ApiServerPlace {
  const url = /^https?:\/\//.test(text) ? urlOf(text) : undefined;
  const { host, port } = url ?? hostAndPort(text);
  if (serviceNames.test(host)) return { kind: 'service' };
  if (isIP(host) === 0 && !/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(host)) throw unreadable(text);
  // URL parsers read '10.0.1' as an address; here it is a typing error.
  if (/^[\d.]+$/.test(host) && isIP(host) === 0) throw unreadable(text);
  return { kind: 'host', host, port };
}

function urlOf(text: string): { host: string; port: number } {
  const url = URL.parse(text);
  if (url === null) throw unreadable(text);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { host, port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port) };
}

function hostAndPort(text: string): { host: string; port: number } {
  if (isIP(text) !== 0) return { host: text, port: defaultPort };
  const [, bracketed, plain, given] = /^(?:\[([^\]]+)\]|([^:[\]/]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = given === undefined ? defaultPort : Number(given);
  if (host === undefined || port < 1 || port > 65_535) throw unreadable(text);
  return { host, port };
}

function unreadable(text: string): CharterError {
  return new CharterError('CHR_NETWORK_ADDRESS', `'${text}' names no API server`, {
    hint: 'Give a host, host:port, a URL, or `kubernetes` for the endpoints of that Service.',
  });
}

export interface ResolveEdges {
  /** Every address of a name, IPv4 and IPv6. Rejects when there is none. */
  readonly lookup: (host: string) => Promise<readonly string[]>;
  /** Ready endpoints of the Service `kubernetes` in `default`. */
  readonly serviceEndpoints: () => Promise<readonly Endpoint[]>;
  /** Addresses of the Service itself; one of them given as host means the Service. */
  readonly serviceAddresses: () => Promise<readonly string[]>;
}

/**
 * Endpoints for a policy, sorted, each once.
 * @throws CHR_NETWORK_ADDRESS when nothing is found: a policy without the API server would cut the workload off in silence.
 */
export async function resolveApiServer(place: ApiServerPlace, edges: ResolveEdges): Promise<Endpoint[]> {
  const found = place.kind === 'service' ? await edges.serviceEndpoints() : await ofHost(place, edges);
  if (found.length === 0) {
    throw new CharterError('CHR_NETWORK_ADDRESS', 'the Service kubernetes has no ready endpoint', {
      hint: 'Give the address of the API server itself, as host:port.',
    });
  }
  const each = new Map(found.map((endpoint) => [`${endpoint.address} ${endpoint.port}`, endpoint]));
  return [...each.values()].toSorted((a, b) =>
    a.address < b.address ? -1 : a.address > b.address ? 1 : a.port - b.port,
  );
}

async function ofHost(
  { host, port }: { readonly host: string; readonly port: number },
  { lookup, serviceAddresses, serviceEndpoints }: ResolveEdges,
): Promise<readonly Endpoint[]> {
  const addresses = isIP(host) === 0 ? await lookupOrThrow(host, lookup) : [host];
  const virtual = await serviceAddresses();
  if (addresses.some((address) => virtual.includes(address))) return serviceEndpoints();
  return addresses.map((address) => ({ address, port }));
}

async function lookupOrThrow(host: string, lookup: ResolveEdges['lookup']): Promise<readonly string[]> {
  try {
    return await lookup(host);
  } catch (cause) {
    throw new CharterError('CHR_NETWORK_ADDRESS', `the API server's name ${host} has no address`, {
      hint: 'Is it spelled right? `kubernetes` takes the endpoints that the cluster itself names.',
      cause,
    });
  }
}
