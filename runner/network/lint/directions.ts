// policyTypes and rules that do not fit each other, and what the API server would refuse.

import { directionsOf, policyName, rulesOf } from '../model/compile.ts';
import { policyProblems } from '../model/validate.ts';
import type { NetworkState } from '../state/types.ts';
import { type Finding, type LintRule, lintRule } from './types.ts';

/** Every problem is a rule of its own, named as the model names it. */
export const invalidPolicy: LintRule = {
  id: 'invalid-policy',
  severity: 'error',
  finds:
    'What the API server refuses: end-port-without-port, end-port-with-named-port, end-port-below-port, invalid-port, invalid-protocol, invalid-policy-type, invalid-selector, invalid-cidr, invalid-except, empty-peer, mixed-peer.',
  check: ({ policies }: NetworkState): Finding[] =>
    policies.flatMap((policy) =>
      policyProblems(policy).map(({ id, path, message }) => ({
        rule: id,
        severity: 'error',
        object: `NetworkPolicy ${policyName(policy)}`,
        path,
        message,
        fix: fixes[id],
      })),
    ),
};

const fixes: Readonly<Record<ReturnType<typeof policyProblems>[number]['id'], string>> = {
  'end-port-without-port': 'add port, the start of the range',
  'end-port-with-named-port': 'write the number instead of the name, or leave endPort out',
  'end-port-below-port': 'exchange port and endPort',
  'invalid-port': 'write a number from 1 to 65535 or the name of a container port',
  'invalid-protocol': 'write TCP, UDP or SCTP',
  'invalid-policy-type': 'write Ingress or Egress',
  'invalid-selector': 'give In and NotIn values, Exists and DoesNotExist none',
  'invalid-cidr': 'write address/prefix; a single address is /32 or /128',
  'invalid-except': 'name a smaller block inside cidr',
  'empty-peer': 'name whom you mean; for everybody leave the whole from or to out',
  'mixed-peer': 'make the ipBlock an entry of its own',
};

export const directionRules: readonly LintRule[] = [
  lintRule(
    'rules-without-type',
    'error',
    'Rules of a direction that policyTypes leaves out mean nothing.',
    ({ policies }) =>
      policies.flatMap((policy) =>
        (['ingress', 'egress'] as const)
          .filter(
            (direction) => rulesOf(policy, direction).length > 0 && !directionsOf(policy).includes(direction),
          )
          .map((direction) => ({
            policy,
            path: `spec.${direction}`,
            message: `has rules, but policyTypes is [${(policy.spec.policyTypes ?? []).join(', ')}], so they mean nothing`,
            fix: `add ${direction === 'ingress' ? 'Ingress' : 'Egress'} to policyTypes, or remove the rules`,
          })),
      ),
  ),
  lintRule(
    'empty-egress-without-type',
    'error',
    'egress: [] without policyTypes denies nothing.',
    ({ policies }) =>
      policies
        .filter(({ spec }) => spec.egress?.length === 0 && (spec.policyTypes ?? []).length === 0)
        .map((policy) => ({
          policy,
          path: 'spec.egress',
          message: 'is empty and policyTypes is absent, so egress is not isolated at all',
          fix: 'to deny all egress write policyTypes: [Ingress, Egress], or [Egress] alone',
        })),
  ),
];
