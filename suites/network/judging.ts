// From what a world saw in a step to what its case says: passed, failed with both matrices side by side, or an error with its name.
import { type AskedCell, expectation, namedTargets } from './catalogue/expectation.ts';
import type { Step } from './catalogue/step.ts';

/** What is read of a judged cell. */
export interface JudgedCell {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly protocol: string;
  readonly expected: string;
  readonly observed: string | undefined;
  readonly verdict: 'pass' | 'fail' | 'error' | 'not-judged';
  readonly problem?: string;
}

export interface Differences {
  /** `x/a -> x/b 80/TCP`: one line per cell that is not as expected. */
  readonly expected: readonly string[];
  readonly observed: readonly string[];
}

/** Names that make a step an error come first, most frequent first: `control-failed (12), dead-peer (1)`. */
export function problemsOf(cells: readonly JudgedCell[]): string {
  const counts = new Map<string, number>();
  for (const { problem, verdict } of cells)
    if (problem !== undefined && verdict !== 'pass') counts.set(problem, (counts.get(problem) ?? 0) + 1);
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} (${count})`)
    .join(', ');
}

export function differences(cells: readonly JudgedCell[]): Differences {
  const wrong = cells.filter(({ verdict }) => verdict === 'fail' || verdict === 'error');
  return {
    expected: wrong.map((cell) => `${place(cell)}: ${cell.expected}`),
    observed: wrong.map(
      (cell) => `${place(cell)}: ${cell.observed ?? 'nothing'} (${cell.problem ?? 'unnamed'})`,
    ),
  };
}

/** A cell of a step that has settled, with how often it was otherwise before that without being meant to. */
export interface HealedCell extends JudgedCell {
  readonly transients: number;
}

/** One line per expectation: what passed in the end, and flickered in between. A deny that did is a leak that healed. */
export function transientsOf(cells: readonly HealedCell[]): readonly string[] {
  const healed = cells.filter(({ verdict, transients }) => verdict === 'pass' && transients > 0);
  const lines = (['denied', 'allowed'] as const).map((expected) => {
    const own = healed.filter((cell) => cell.expected === expected);
    const named = own
      .slice(0, 5)
      .map((cell) => `${place(cell)} in ${cell.transients} cycle${cell.transients === 1 ? '' : 's'}`);
    const more = own.length > named.length ? [`and ${own.length - named.length} more`] : [];
    return own.length === 0 ? '' : `${expected}, but for a while not: ${[...named, ...more].join(', ')}`;
  });
  return lines.filter((line) => line !== '');
}

/** How many cells of each target nobody judged, and why. Undefined for none. */
export function notJudged(cells: readonly JudgedCell[]): string | undefined {
  const groups = Map.groupBy(
    cells.filter(({ verdict }) => verdict === 'not-judged'),
    ({ to, expected }) => `to ${to}: ${whyNotJudged(expected)}`,
  );
  const lines = [...groups].map(([place, own]) => `${own.length} ${place}`);
  return lines.length === 0 ? undefined : lines.join('; ');
}

function whyNotJudged(expected: string): string {
  return expected === 'implementation-defined'
    ? 'traffic with a node or its network, which the specification leaves to the engine'
    : 'the model does not know what to expect';
}

function place({ from, to, port, protocol }: JudgedCell): string {
  return `${from} -> ${to} ${port}/${protocol}`;
}

/** Cells in which the model and the catalogue's own words contradict each other: then neither is believed. */
export function contradictions(step: Step, cells: readonly JudgedCell[]): string[] {
  if (step.expect === undefined) return [];
  const verdict = expectation(step.expect);
  return cells
    .filter(({ from, to, expected }) => from !== to && (expected === 'allowed' || expected === 'denied'))
    .filter((cell) => verdict(asked(cell)) !== cell.expected)
    .map((cell) => `${place(cell)}: model says ${cell.expected}`);
}

/** Targets that the step speaks of, and to which no cell was judged: a pass of the others would say nothing of its point. */
export function unjudgedTargets(step: Step, cells: readonly JudgedCell[]): readonly string[] {
  const judged = new Set(cells.filter(({ verdict }) => verdict !== 'not-judged').map((one) => asked(one).to));
  return namedTargets(step.expect ?? []).filter((target) => !judged.has(target));
}

/** The DNS Pod is one target for each protocol, and `dns` in expectations. */
function asked({ from, to, port, protocol }: JudgedCell): AskedCell {
  return { from, to: to === 'dns-tcp' ? 'dns' : to, port, protocol };
}
