// All lint rules, and their findings in an order that stays.
import type { NetworkState } from '../state/types.ts';
import { addressRules } from './addresses.ts';
import { directionRules, invalidPolicy } from './directions.ts';
import { dnsRules } from './dns.ts';
import { portRules } from './ports.ts';
import { selectorRules } from './selectors.ts';
import type { Finding, LintRule, Severity } from './types.ts';

export const lintRules: readonly LintRule[] = [
  invalidPolicy,
  ...directionRules,
  ...selectorRules,
  ...portRules,
  ...addressRules,
  ...dnsRules,
];

/** Errors first, then by object and path. Policies that the API server would refuse are only reported as such. */
export function lint(state: NetworkState): readonly Finding[] {
  const refused = new Set(invalidPolicy.check(state).map(({ object }) => object));
  const sound = {
    ...state,
    policies: state.policies.filter(
      ({ metadata }) => !refused.has(`NetworkPolicy ${metadata.namespace}/${metadata.name}`),
    ),
  };
  return lintRules.flatMap((rule) => rule.check(rule === invalidPolicy ? state : sound)).toSorted(inOrder);
}

const weight: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

function inOrder(a: Finding, b: Finding): number {
  return weight[a.severity] - weight[b.severity] || compare(a.object, b.object) || compare(a.path, b.path);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** One finding on three lines, with the count at the end. */
export function lintText(findings: readonly Finding[]): string {
  const count = (severity: Severity) => findings.filter((one) => one.severity === severity).length;
  return [
    ...findings.flatMap(({ severity, rule, object, path, message, fix }) => [
      `${severity} ${rule}: ${object} ${path}`,
      `  ${message}`,
      `  fix: ${fix}`,
    ]),
    `${count('error')} errors, ${count('warning')} warnings, ${count('info')} hints`,
  ].join('\n');
}
