// On a rejecting engine most denied probes time out: which of these timeouts count, and how long one waits for what makes them count.
import { expect, test } from 'vitest';
import type { Observation } from './observe.ts';
import { type Denial, isRefusedSince, Refusals, refusalsTakeMs, signalsAgainst } from './refusals.ts';

const denial = (pod: string, more: Partial<Denial> = {}): Denial => ({
  ...{ pod, direction: 'ingress', protocol: 'TCP', signal: 'refused' },
  ...more,
});
const out = (pod: string) => denial(pod, { direction: 'egress' });
const refused: Observation = { start: 0, end: 1, outcome: 'refused', saw: 'no' };
const timedOut: Observation = { ...refused, outcome: 'timeout' };

const client = 'z/c';

/** What this client has seen. */
function after(...seen: readonly (readonly [readonly Denial[], Observation])[]) {
  const refusals = new Refusals();
  for (const [denials, one] of seen) refusals.add(client, denials, [one]);
  return {
    refusals,
    signalsOf: (denials: readonly Denial[]) => refusals.signalsOf(client, denials),
  };
}

test('a Pod that is seen to refuse may let others time out', () => {
  const refusals = after([[denial('x/a')], refused]);
  expect(refusals.signalsOf([denial('x/a')])).toEqual(['refused', 'timeout']);
  expect(refusals.signalsOf([denial('x/b')])).toEqual(['refused']);
  expect(refusals.signalsOf([denial('x/a'), out('y/b')])).toEqual(['refused', 'timeout']);
});

test('only of a client that is itself seen refused, that way: else something may swallow its packets', () => {
  const { refusals } = after([[denial('x/a')], refused]);
  const another = () => refusals.signalsOf('y/b', [denial('x/a')]);
  expect(another()).toEqual(['refused']);
  refusals.add('y/b', [out('y/b')], [refused]);
  expect(another()).toEqual(['refused']);
  refusals.add('y/b', [denial('x/b', { protocol: 'UDP' })], [refused]);
  expect(another()).toEqual(['refused', 'timeout']);
});

test('a refusal that may be of two is neither’s: only the same two may let others time out', () => {
  const refusals = after([[out('x/a'), denial('y/b')], refused]);
  expect(refusals.signalsOf([out('x/a')])).toEqual(['refused']);
  expect(refusals.signalsOf([denial('y/b')])).toEqual(['refused']);
  expect(refusals.signalsOf([out('x/a'), denial('y/c')])).toEqual(['refused']);
  expect(refusals.signalsOf([out('x/a'), denial('y/b')])).toEqual(['refused', 'timeout']);
});

test('where one of two drops, a refusal is the other’s', () => {
  const drops = denial('y/b', { signal: 'timeout' });
  const refusals = after([[out('x/a'), drops], refused]);
  expect(refusals.signalsOf([out('x/a')])).toEqual(['refused', 'timeout']);
});

test('what is seen of one protocol says nothing of another', () => {
  const refusals = after([[denial('x/a')], refused]);
  expect(refusals.signalsOf([denial('x/a', { protocol: 'UDP' })])).toEqual(['refused']);
});

test('a timeout is no refusal, and a nonce that arrived was not refused', () => {
  const refusals = after([[denial('x/a')], timedOut], [[denial('x/a')], { ...refused, saw: 'yes' }]);
  expect(refusals.signalsOf([denial('x/a')])).toEqual(['refused']);
});

test('a denial that was never learned has no signal', () => {
  expect(after().signalsOf([denial('x/a'), denial('x/b', { signal: undefined })])).toEqual([]);
});

test('refusals are rationed: one second for each who has to be seen, none where nobody rejects', () => {
  const cell = (...denials: readonly Denial[]) => ({ expected: 'denied', denials });
  expect(refusalsTakeMs([cell(denial('x/a'), out('x/b')), cell(denial('x/a'))])).toBe(2_000);
  expect(refusalsTakeMs([cell(denial('x/a', { signal: 'timeout' })), cell()])).toBe(0);
  expect(refusalsTakeMs([{ ...cell(denial('x/a')), expected: 'allowed' }])).toBe(0);
});

test('against a talk that is expected counts what the nodes at its ends do, and a timeout once its Pods are refused', () => {
  const sides = [out('x/a'), denial('y/b')];
  const talked: Observation = { ...refused, outcome: 'ok', saw: 'yes' };
  expect(isRefusedSince(0, sides, [talked, timedOut, timedOut])).toBe(false);
  expect(isRefusedSince(0, sides, [refused, talked, timedOut, timedOut])).toBe(false);
  expect(isRefusedSince(0, sides, [talked, refused, timedOut])).toBe(true);
  expect(isRefusedSince(1, sides, [talked, refused, timedOut]), 'by the policy of the step before').toBe(
    false,
  );
  expect(isRefusedSince(0, [denial('y/b', { signal: 'any' })], [refused])).toBe(false);
  expect(signalsAgainst(sides, false)).toEqual(['refused']);
  expect(signalsAgainst(sides, true)).toEqual(['refused', 'timeout']);
  const drops = [out('x/a'), denial('y/b', { signal: 'timeout' })];
  expect(signalsAgainst(drops, false)).toEqual(['refused', 'timeout']);
  expect(signalsAgainst([denial('y/b', { signal: 'any' })], true)).toEqual([]);
});
