import { expect, test } from 'vitest';
import { leftOutLine } from './left-out.ts';

const named = (words: readonly string[], wanted?: string) =>
  leftOutLine(words, wanted)?.replace(/^left out: (.*); .*$/, '$1');

const network = ['10-network-defects', '10-network-policies', '10-network-power', '10-network-worlds'];
const others = ['11-tenants', '12-prune', '12-store'];

test.each([
  ['nothing is asked for', [], undefined, [...network, ...others].join(', ')],
  ['a name of a check is', ['-t', 'lock'], undefined, [...network, ...others].join(', ')],
  ['CHARTER_E2E=ci', [], 'ci', '10-network-defects'],
  ['CHARTER_E2E=all', [], 'all', undefined],
  ['a file is named', ['hack/e2e/checks/11-'], undefined, undefined],
])('what is left out where %s', (_, words, wanted, expected) => {
  expect(named(words, wanted)).toBe(expected);
});

test('the line says how to run them', () => {
  expect(leftOutLine([], 'ci')).toBe(
    'left out: 10-network-defects; one by its name (make e2e-kind ARGS=hack/e2e/checks/10-network-defects), all by CHARTER_E2E=all',
  );
});
