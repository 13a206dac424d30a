// The cells of a network matrix, read from the failures of campaign NET: each line of expected and got names one pair of Pods.
import type { CaseResult } from '../store/index.ts';

export interface NetworkCell {
  readonly from: string;
  /** With port and protocol: `x/a 80/TCP`. */
  readonly to: string;
  readonly expected: string;
  readonly observed: string;
  /** Why they differ, e.g. `not-enforced`; `''` where no name was found. */
  readonly problem: string;
}

const form = /(\S+) -> (\S+ \d+\/\w+): ([\w-]+)(?: \(([^)\n]*)\))?/g;

export function networkCells({ attempts, verdict }: Pick<CaseResult, 'attempts' | 'verdict'>): NetworkCell[] {
  const failure = attempts.find((attempt) => attempt.verdict === verdict)?.failure;
  const expected = placed(failure?.expected);
  const observed = placed(failure?.got);
  return [...new Set([...expected.keys(), ...observed.keys()])].flatMap((place) => {
    const [wanted, seen] = [expected.get(place), observed.get(place)];
    const { from, to } = wanted ?? seen ?? {};
    if (from === undefined || to === undefined) return [];
    return [
      {
        ...{ from, to },
        expected: wanted?.state ?? 'unknown',
        observed: seen?.state ?? 'unknown',
        problem: seen?.problem ?? '',
      },
    ];
  });
}

interface Placed {
  readonly from: string;
  readonly to: string;
  readonly state: string;
  readonly problem: string;
}

function placed(text = ''): Map<string, Placed> {
  return new Map(
    [...text.matchAll(form)].map(([, from = '', to = '', state = '', problem = '']) => [
      `${from} -> ${to}`,
      { from, to, state, problem },
    ]),
  );
}
