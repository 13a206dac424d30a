// An explanation on 80 columns: the verdict first, then what each side says, then what would have to change.
import { stringify } from 'yaml';
import type { CellNote, Decision, Direction, DoubtfulRef, RuleRef } from '../model/types.ts';
import type { Change } from './change.ts';
import type { Explanation, Side } from './explain.ts';

export function explanationText(explanation: Explanation): string {
  const { from, to, port, portNumber, protocol, verdict } = explanation;
  const number = typeof port === 'string' && portNumber !== undefined ? ` (${portNumber})` : '';
  return [
    `${verdict.toUpperCase()}: ${from} -> ${to} ${port}${number}/${protocol}`,
    ...explanation.notes.map((note) => `  ${noteWords[note]}`),
    '',
    ...sideLines('egress', from, explanation.egress),
    ...sideLines('ingress', to, explanation.ingress),
    ...changeLines(explanation.changes, verdict),
    ...list('other Pods of the same workloads are judged otherwise:', explanation.differing),
    ...list('not taken into account:', explanation.notJudged),
  ].join('\n');
}

export const noteWords: Readonly<Record<CellNote, string>> = {
  self: 'A Pod cannot block access to itself.',
  'own-node': 'Between a Pod and its own node: allowed by the specification, blocked by some engines.',
  'host-network': 'A Pod in the host network is involved: engines see the Pod, or only its node.',
  'address-unknown': 'An ipBlock decides, and an address is not known (manifests have none).',
  'namespace-unknown': 'A namespaceSelector decides, and a Namespace was not read.',
  'service-address': 'The address of a Service: ask about the Pods behind it.',
  'no-such-port': 'The destination has no container port of this name and protocol.',
};

function sideLines(direction: Direction, who: string, { decision, nearMisses }: Side): string[] {
  return [
    ...onTwoLines(`${direction} of ${who}:`, decisionWords(decision)),
    ...rulesOf(decision).map((rule) => `  ${rule}`),
    ...nearMisses.map(
      ({ rule, misses }) => `  ${rule} fits but for its ${misses === 'peer' ? 'peers' : 'ports'}`,
    ),
  ];
}

/** Names of Pods are long: what was decided goes below where it does not fit beside. */
function onTwoLines(head: string, words: string): string[] {
  return head.length + words.length < 80 ? [`${head} ${words}`] : [head, `  ${words}`];
}

/** One line that says what a side decided. */
export function decisionWords(decision: Decision): string {
  switch (decision.kind) {
    case 'not-isolated':
      return 'allowed, no policy isolates it';
    case 'allowed-by-rule':
      return 'allowed by';
    case 'isolated':
      return decision.perhaps.length > 0
        ? `isolated by ${decision.selectedBy.join(', ')}; it depends on ${lacked(decision.perhaps)}`
        : `denied, isolated by ${decision.selectedBy.join(', ')}; no rule matches`;
    case 'outside':
      return 'no Pod, so no policy selects it';
    case 'exempt':
      return 'not asked';
  }
}

function lacked(perhaps: readonly DoubtfulRef[]): string {
  const all = new Set(perhaps.map(({ lacks }) => lacks));
  return [
    ...(all.has('address-unknown') ? ['an address'] : []),
    ...(all.has('namespace-unknown') ? ['labels of a namespace'] : []),
  ].join(' and ');
}

function rulesOf(decision: Decision): string[] {
  if (decision.kind === 'allowed-by-rule') return decision.rules.map(ruleText);
  return decision.kind === 'isolated' ? decision.perhaps.map((rule) => `perhaps ${ruleText(rule)}`) : [];
}

/** `shop/db spec.ingress[0].from[1], ports[0]`. */
export function ruleText({ policy, direction, rule, peer, port }: RuleRef): string {
  const peers = direction === 'ingress' ? 'from' : 'to';
  const what = [
    peer === undefined ? `every ${peers === 'from' ? 'source' : 'destination'}` : `${peers}[${peer}]`,
    port === undefined ? 'every port' : `ports[${port}]`,
  ].join(', ');
  return `${policy} spec.${direction}[${rule}]: ${what}`;
}

function changeLines(changes: readonly Change[], verdict: Explanation['verdict']): string[] {
  if (changes.length === 0) return [];
  const sentence =
    verdict === 'denied'
      ? changes.length === 1
        ? 'To allow it:'
        : 'To allow it, do all of this:'
      : changes.length === 1
        ? 'To deny it:'
        : 'To deny it, do one of these:';
  return ['', sentence, ...changes.flatMap((change) => changeText(change, verdict))];
}

function changeText(change: Change, verdict: Explanation['verdict']): string[] {
  switch (change.kind) {
    case 'add-rule':
      return [
        `- add to NetworkPolicy ${change.policy}, spec.${change.direction}:`,
        ...indented(stringify([change.rule])),
      ];
    case 'remove-rules':
      return [
        '- remove every rule that allows it:',
        ...change.rules.map((rule) => `    ${rule}`),
        ...change.writeOut.flatMap(({ policy, policyTypes }) => [
          `  and write out what the rules of ${policy} implied:`,
          `    policyTypes: [${policyTypes.join(', ')}]`,
        ]),
      ];
    case 'label-first':
      return [
        `- label ${change.pod} and its like, then ask again: without labels of their own`,
        '    a policy could only name all Pods of the namespace',
      ];
    case 'create-policy': {
      const manifest = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', ...change.policy };
      return [
        verdict === 'denied'
          ? '- create this NetworkPolicy, which adds to the others:'
          : `- create this NetworkPolicy, which denies all other ${change.direction} too:`,
        ...indented(stringify(manifest)),
      ];
    }
  }
}

function indented(yaml: string): string[] {
  return yaml
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`);
}

function list(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : ['', title, ...items.map((item) => `  ${item}`)];
}
