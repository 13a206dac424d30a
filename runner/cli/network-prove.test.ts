import { expect, test } from 'vitest';
import type { Calibration } from '../network/index.ts';
import { codeOfProof, proofText } from './network-prove.ts';

const signals = { 'a ingress TCP': 'refused', 'b ingress TCP': 'timeout' } as const;

test.each<[string, readonly string[], number, Calibration['deny'], RegExp]>([
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
  const proof = { deny, signals, problems, slowestMs: 420 };
  expect([codeOfProof(proof), proofText(proof)]).toEqual([code, expect.stringMatching(text)]);
});
