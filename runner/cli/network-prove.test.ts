import { expect, test } from 'vitest';
import { codeOfProof, proofText } from './network-prove.ts';

const signals = { 'a ingress TCP': 'refused', 'b ingress TCP': 'timeout' } as const;

test.each<[string, readonly string[], number, RegExp]>([
  ['every node denies', [], 0, /^deny {11}enforced on every node, within 420 ms\n {2}a ingress TCP: refused/],
  ['a node lets through', ['b egress TCP: not-enforced: x -> y 80 talked'], 1, /NOT proven[\s\S]*talked/],
  ['a node told nothing', ['b egress TCP: nothing learned: silent'], 4, /NOT proven[\s\S]*silent/],
])('%s', (_what, problems, code, text) => {
  const proof = { enforced: problems.length === 0, signals, problems, slowestMs: 420 };
  expect([codeOfProof(proof), proofText(proof)]).toEqual([code, expect.stringMatching(text)]);
});
