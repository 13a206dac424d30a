import { expect, test } from 'vitest';
import { codeOfProof, type Deny, denyOf, proofText } from './network-prove.ts';

const signals = { 'a ingress TCP': 'refused', 'b ingress TCP': 'timeout' } as const;

test.each<[string, readonly string[], number, Deny, RegExp]>([
  [
    'every node denies',
    [],
    0,
    'enforced',
    /^deny {11}enforced on every node, within 420 ms\n {2}a ingress TCP: refused/,
  ],
  [
    'a node lets through',
    ['b egress TCP: not-enforced: x -> y 80 talked'],
    1,
    'not-enforced',
    /NOT proven[\s\S]*talked/,
  ],
  [
    'a node told nothing',
    ['b egress TCP: nothing learned: silent'],
    4,
    'not-seen',
    /NOT proven[\s\S]*silent/,
  ],
])('%s', (_what, problems, code, deny, text) => {
  const proof = { enforced: problems.length === 0, signals, problems, slowestMs: 420 };
  expect([codeOfProof(proof), denyOf(proof), proofText(proof)]).toEqual([
    code,
    deny,
    expect.stringMatching(text),
  ]);
});
