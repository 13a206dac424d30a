// One sign, one word and one colour for each verdict, the same in every form of the matrix. The sign alone is enough: no form needs colour.
import { decisionWords, noteWords, ruleText } from '../explain/text.ts';
import { peerName } from '../model/peer.ts';
import type { Cell, Decision } from '../model/types.ts';
import type { GroupCell, GroupVerdict } from './groups.ts';

export const signs: Readonly<Record<GroupVerdict, string>> = {
  allowed: '.',
  denied: 'X',
  mixed: '~',
  'implementation-defined': '?',
  unknown: 'u',
  none: ' ',
};

export const meanings: Readonly<Record<Exclude<GroupVerdict, 'none'>, string>> = {
  allowed: 'allowed',
  denied: 'denied',
  mixed: 'Pods of the group differ',
  'implementation-defined': 'left to the engine',
  unknown: 'depends on what is not known',
};

/** Light and dark, each with 4.5:1 or more between sign and ground. */
export const colours: Readonly<Record<GroupVerdict, { readonly light: string; readonly dark: string }>> = {
  allowed: { light: '#d9f2e0', dark: '#12402a' },
  denied: { light: '#f8d0cc', dark: '#5c1a16' },
  mixed: { light: '#fbe7b8', dark: '#4d3a06' },
  'implementation-defined': { light: '#dbe4f8', dark: '#1d2f57' },
  unknown: { light: '#e4e4e4', dark: '#3a3a3a' },
  none: { light: '#ffffff', dark: '#16181c' },
};

/** Who decides, in one line: `x/a -> y/b: denied; egress allowed, no policy isolates it; ingress denied, isolated by y/deny; …`. */
export function cellWords({ verdict, cells, example }: GroupCell): string {
  if (example === undefined) return 'no pair';
  const pair = `${peerName(example.from)} -> ${peerName(example.to)}`;
  const many = cells > 1 ? ` (1 of ${cells})` : '';
  return `${pair}${many}: ${[verdict, ...reasons(example)].join('; ')}`;
}

function reasons({ egress, ingress, notes }: Cell): string[] {
  const words = notes.map((note) => noteWords[note]);
  if (ingress.kind === 'exempt') return words;
  return [`egress ${sideWords(egress)}`, `ingress ${sideWords(ingress)}`, ...words];
}

function sideWords(side: Decision): string {
  const rules = side.kind === 'allowed-by-rule' ? ` ${side.rules.map(ruleText).join(' and ')}` : '';
  return `${decisionWords(side)}${rules}`;
}

export function escapeMarkup(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
