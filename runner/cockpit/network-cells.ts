// The cells of a network matrix, read from the failures of campaign NET: each line of expected and got names one pair of Pods, and where
// a step could not be judged, so does each line of its message.
import type { CaseResult } from '../store/index.ts';

export interface NetworkCell {
  readonly from: string;
  /** With port and protocol: `x/a 80/TCP`. */
  readonly to: string;
  readonly expected: string;
  /** `allowed`, `denied (timeout)` … */
  readonly observed: string;
  /** Why that is not right, e.g. `not-enforced`; `''` where no name was found. */
  readonly problem: string;
}

const form = /(\S+) -> (\S+ \d+\/\w+): ([\w-]+)(?: \(([^)\n]*)\))?/g;

export function networkCells({ attempts, verdict }: Pick<CaseResult, 'attempts' | 'verdict'>): NetworkCell[] {
  const failure = attempts.find((attempt) => attempt.verdict === verdict)?.failure;
  if (failure === undefined) return [];
  const expected = placed(failure.expected);
  const observed = placed(failure.got);
  if (expected.size + observed.size === 0) return told(failure.message);
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

const toldForm =
  /^(\S+) -> (\S+ \d+\/\w+): expected ([\w-]+), observed ([\w -]+(?: \([^)\n]*\))?); ([\w-]+)/gm;

function told(message: string): NetworkCell[] {
  return [...message.matchAll(toldForm)].map(
    ([, from = '', to = '', expected = '', observed = '', problem = '']) => ({
      ...{ from, to, expected, observed, problem },
    }),
  );
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
