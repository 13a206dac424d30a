// The text of a failing step, as a person sees it.
import { expect, test } from 'vitest';
import { sideBySide } from './side-by-side.ts';
import type { CellResult } from './types.ts';

const cell = (from: string, to: string, port: number, more: Partial<CellResult> = {}): CellResult => ({
  ...{ from, to, port, protocol: 'TCP', expected: 'allowed', observed: 'allowed', outcome: 'ok' },
  ...{ verdict: 'pass', transients: 0, ...more },
});
const all = (more: (from: string, to: string) => Partial<CellResult>) =>
  [80, 81].flatMap((port) =>
    ['x/a', 'y/a'].flatMap((from) => ['x/a', 'y/a'].map((to) => cell(from, to, port, more(from, to)))),
  );

test('nothing but a count when all is as expected', () => {
  expect(sideBySide(all(() => ({})))).toBe('8 cells as expected');
});

test('both matrices, the differing cells marked, ports with the same picture together, then each cell in words', () => {
  const text = sideBySide(
    all((from, to) => {
      if (from === 'x/a' && to === 'y/a') {
        return { expected: 'denied', verdict: 'fail', problem: 'not-enforced' };
      }
      if (from === 'y/a' && to === 'x/a') {
        const seen = { observed: 'denied', outcome: 'timeout', problem: 'wrong-signal' } as const;
        return { expected: 'denied', verdict: 'error', detail: 'said why', ...seen };
      }
      return {};
    }),
  );
  expect(text).toBe(
    [
      '4 of 8 cells not as expected (. allowed, X denied, ? cannot be said, ~ not judged)',
      '80/TCP, 81/TCP',
      '    expected | observed',
      '    x/a y/a  | x/a y/a',
      'x/a  .   X   |  .  [.]',
      'y/a  X   .   | [?]  .',
      'x/a -> y/a 80/TCP: expected denied, observed allowed (ok); not-enforced',
      'y/a -> x/a 80/TCP: expected denied, observed denied (timeout); wrong-signal: said why',
      'x/a -> y/a 81/TCP: expected denied, observed allowed (ok); not-enforced',
      'y/a -> x/a 81/TCP: expected denied, observed denied (timeout); wrong-signal: said why',
    ].join('\n'),
  );
});
