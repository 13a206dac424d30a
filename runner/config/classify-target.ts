// The in-cluster contract, pure: does this URL lead to a Service of the cluster, to this machine, or elsewhere?
// The decision looks at the host as the WHATWG parser reads it, because that is the host a request goes to.

export type TargetKind = 'service' | 'loopback' | 'external';

export interface TargetClass {
  readonly kind: TargetKind;
  /** Why, as the end of a sentence: `got: http://x.y, <reason>`. */
  readonly reason: string;
  /** The in-cluster form that was probably meant. */
  readonly suggestion?: string;
}

const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** As /etc/hosts of the usual distributions names loopback. */
const loopbackName = /^(?:localhost[46]?|ip6-localhost|ip6-loopback)(?:\.localdomain[46]?)?\.?$/;
const ipv4 = /^\d+\.\d+\.\d+\.\d+$/;

export function classifyTarget(url: string, clusterDomain: string): TargetClass {
  const unfit = urlProblem(url);
  if (unfit !== undefined) return { kind: 'external', reason: unfit.reason };
  const host = new URL(url).hostname;
  if (host === '[::1]' || loopbackName.test(host))
    return { kind: 'loopback', reason: `${host} is this machine` };
  if (ipv4.test(host)) return classifyIpv4(host);
  if (host.startsWith('['))
    return { kind: 'external', reason: `${host} is an IP address, not a Service name` };
  return classifyName(host, clusterDomain.toLowerCase(), url);
}

function classifyIpv4(host: string): TargetClass {
  if (host.startsWith('127.')) return { kind: 'loopback', reason: `${host} is this machine` };
  return { kind: 'external', reason: `${host} is an IP address, not a Service name` };
}

function classifyName(host: string, clusterDomain: string, url: string): TargetClass {
  const isAbsolute = host.endsWith('.');
  const name = isAbsolute ? host.slice(0, -1) : host;
  const labels = name.split('.');
  if (!labels.every((one) => label.test(one)))
    return { kind: 'external', reason: `${host} is not a DNS name` };
  // A Unicode name arrives as xn--…; it looks like a Service name and is none.
  if (labels.some((one) => one.startsWith('xn--')))
    return { kind: 'external', reason: `${host} is not plain ASCII` };
  if (labels.length === 1 && !isAbsolute) return { kind: 'service', reason: 'a Service of this namespace' };
  if (labels.length === 3 && labels[2] === 'svc' && !isAbsolute)
    return { kind: 'service', reason: 'a Service of the cluster' };
  // The fully qualified name may end with a dot: that is how DNS writes it.
  if (labels.slice(2).join('.') === `svc.${clusterDomain}`)
    return { kind: 'service', reason: 'a Service of the cluster' };
  return {
    kind: 'external',
    reason: nameReason(labels, isAbsolute, host),
    ...suggested(labels, isAbsolute, host, url),
  };
}

function nameReason(labels: readonly string[], isAbsolute: boolean, host: string): string {
  if (isAbsolute) return `${host} ends with a dot, so the search list of the cluster is not used`;
  if (labels.includes('svc')) return `${host} is not <service>.<namespace>.svc of this cluster`;
  return `${host} is outside the cluster`;
}

function suggested(
  labels: readonly string[],
  isAbsolute: boolean,
  host: string,
  url: string,
): { suggestion?: string } {
  const isServiceName = labels.length === 1 || (labels.length === 3 && labels[2] === 'svc');
  if (!isAbsolute || !isServiceName) return {};
  const { protocol, port } = new URL(url);
  return { suggestion: `${protocol}//${host.slice(0, -1)}${port === '' ? '' : `:${port}`}` };
}

export interface UrlProblem {
  readonly expected: string;
  readonly reason: string;
  readonly suggestion?: string;
}

/** What no target URL may be, wherever it leads; external targets are no exception. */
export function urlProblem(url: string): UrlProblem | undefined {
  const expected = 'an http:// or https:// URL, e.g. http://akko-akko-trino:8080';
  // The parser drops tabs and newlines and turns a backslash into a slash: what a reader sees is not where it leads.
  if (/[\s\\]|\p{C}/u.test(url))
    return { expected, reason: 'the URL holds a space, a backslash or a control character' };
  if (!/^https?:\/\/[^/]/i.test(url))
    return { expected, reason: 'the URL does not start with http:// or https://', ...withScheme(url) };
  const parsed = URL.parse(url);
  if (parsed === null) return { expected, reason: 'that is no valid URL' };
  if (parsed.username !== '' || parsed.password !== '' || /^https?:\/\/[^/?#]*@/i.test(url)) {
    return {
      expected: 'a URL without user or password; use the persona Secret',
      reason: 'the URL carries credentials (withheld)',
    };
  }
  if (parsed.port === '0') return { expected: 'a port from 1 to 65535', reason: 'port 0' };
  if (/[?#]/.test(url))
    return { expected: 'a URL without query and fragment', reason: 'the URL has a query or a fragment' };
  return undefined;
}

function withScheme(url: string): { suggestion?: string } {
  return /^[a-z0-9][a-z0-9.-]*(?::\d+)?$/i.test(url) ? { suggestion: `http://${url}` } : {};
}
