// What the API server refuses in a NetworkPolicy. The model refuses it too: a verdict about an object that cannot exist proves nothing.
import { holds, parseCidr } from './address.ts';
import type { IpBlock, LabelSelector, NetworkPolicy, PolicyPeer, PolicyPort } from './types.ts';

export interface PolicyProblem {
  readonly id:
    | 'end-port-without-port'
    | 'end-port-with-named-port'
    | 'end-port-below-port'
    | 'invalid-port'
    | 'invalid-protocol'
    | 'invalid-policy-type'
    | 'invalid-selector'
    | 'invalid-cidr'
    | 'invalid-except'
    | 'empty-peer'
    | 'mixed-peer';
  /** Dotted path, e.g. `spec.ingress[0].ports[1].endPort`. */
  readonly path: string;
  readonly message: string;
}

type Report = (id: PolicyProblem['id'], path: string, message: string) => void;

/** Empty where the API server would take the policy. */
export function policyProblems({ spec }: NetworkPolicy): readonly PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const report: Report = (id, path, message) => problems.push({ id, path, message });
  checkSelector(spec.podSelector, 'spec.podSelector', report);
  for (const [index, type] of (spec.policyTypes ?? []).entries())
    if (type !== 'Ingress' && type !== 'Egress')
      report('invalid-policy-type', `spec.policyTypes[${index}]`, `is '${type}', not Ingress or Egress`);
  for (const [index, rule] of (spec.ingress ?? []).entries())
    checkRule(rule.from, rule.ports, `spec.ingress[${index}]`, 'from', report);
  for (const [index, rule] of (spec.egress ?? []).entries())
    checkRule(rule.to, rule.ports, `spec.egress[${index}]`, 'to', report);
  return problems;
}

function checkRule(
  peers: readonly PolicyPeer[] | undefined,
  ports: readonly PolicyPort[] | undefined,
  path: string,
  peersKey: 'from' | 'to',
  report: Report,
): void {
  for (const [index, peer] of (peers ?? []).entries())
    checkPeer(peer, `${path}.${peersKey}[${index}]`, report);
  for (const [index, port] of (ports ?? []).entries()) checkPort(port, `${path}.ports[${index}]`, report);
}

function checkPeer(
  { podSelector, namespaceSelector, ipBlock }: PolicyPeer,
  path: string,
  report: Report,
): void {
  checkSelector(podSelector, `${path}.podSelector`, report);
  checkSelector(namespaceSelector, `${path}.namespaceSelector`, report);
  const selectors = podSelector !== undefined || namespaceSelector !== undefined;
  if (ipBlock === undefined && !selectors)
    report('empty-peer', path, 'names no podSelector, namespaceSelector or ipBlock');
  if (ipBlock === undefined) return;
  if (selectors) report('mixed-peer', path, 'has an ipBlock beside a selector; ipBlock must stand alone');
  checkIpBlock(ipBlock, `${path}.ipBlock`, report);
}

function checkIpBlock({ cidr, except = [] }: IpBlock, path: string, report: Report): void {
  const outer = parseCidr(cidr);
  if (outer === undefined) report('invalid-cidr', `${path}.cidr`, `'${cidr}' is no CIDR such as 10.0.0.0/8`);
  for (const [index, text] of except.entries()) {
    const inner = parseCidr(text);
    const place = `${path}.except[${index}]`;
    if (inner === undefined) report('invalid-cidr', place, `'${text}' is no CIDR such as 10.1.0.0/16`);
    else if (outer !== undefined && (!holds(outer, inner) || outer.prefix === inner.prefix))
      report('invalid-except', place, `'${text}' is not a strict part of ${cidr}`);
  }
}

const portName = /^(?=.*[a-z])[a-z0-9](?:[a-z0-9]|-(?!-)){0,13}[a-z0-9]$|^[a-z]$/;

function checkPort({ port, endPort, protocol }: PolicyPort, path: string, report: Report): void {
  if (protocol !== undefined && !['TCP', 'UDP', 'SCTP'].includes(protocol))
    report('invalid-protocol', `${path}.protocol`, `is '${protocol}', not TCP, UDP or SCTP`);
  if (typeof port === 'number' && !isPortNumber(port))
    report('invalid-port', `${path}.port`, `${port} is not between 1 and 65535`);
  if (typeof port === 'string' && !portName.test(port))
    report('invalid-port', `${path}.port`, `'${port}' is no port name (at most 15 of a-z, 0-9 and -)`);
  if (endPort === undefined) return;
  if (port === undefined)
    report('end-port-without-port', `${path}.endPort`, 'is set, and port is not: a range needs its start');
  else if (typeof port === 'string')
    report(
      'end-port-with-named-port',
      `${path}.endPort`,
      `is set with the named port '${port}'; both must be numbers`,
    );
  else if (endPort < port)
    report('end-port-below-port', `${path}.endPort`, `${endPort} is below port ${port}`);
  if (!isPortNumber(endPort))
    report('invalid-port', `${path}.endPort`, `${endPort} is not between 1 and 65535`);
}

function isPortNumber(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

function checkSelector(selector: LabelSelector | undefined, path: string, report: Report): void {
  for (const [index, { key, operator, values = [] }] of (selector?.matchExpressions ?? []).entries()) {
    const place = `${path}.matchExpressions[${index}]`;
    const wantsValues = operator === 'In' || operator === 'NotIn';
    if (!wantsValues && operator !== 'Exists' && operator !== 'DoesNotExist')
      report('invalid-selector', place, `operator '${operator}' is not In, NotIn, Exists or DoesNotExist`);
    else if (wantsValues !== values.length > 0)
      report(
        'invalid-selector',
        place,
        `${operator} ${wantsValues ? 'needs values' : 'takes no values'} (key ${key})`,
      );
  }
}
