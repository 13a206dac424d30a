// What a step came to, from its judged cells: verdict, latency, stand-ins, and the text that a person reads.
import {
  type CellResult,
  historyOf,
  type JudgedCell,
  type Latency,
  latencyOf,
  sideBySide,
} from '../verdict/index.ts';
import type { StepResult, Write } from './declaration.ts';
import { isControl } from './names.ts';

export interface Ended {
  readonly name: string;
  readonly cells: readonly JudgedCell[];
  /** Is another thing expected of this cell than in the step before? */
  readonly changes: (cell: JudgedCell) => boolean;
  /** A line for each end that a deny of an earlier step rests on, and that does not talk now that it may. */
  readonly stillResting: readonly string[];
  readonly since: number;
  /** False where Pods come or go: what passes until everybody has the new plan is no latency of the engine. */
  readonly isTimed: boolean;
  readonly writes: readonly Write[];
  readonly durationMs: number;
}

export function stepResult(ended: Ended): StepResult {
  const { name, writes, durationMs } = ended;
  const all = ended.cells.map((cell) => cellResult(ended, cell));
  const withControl = (cell: CellResult) => isControl(cell.from) || isControl(cell.to);
  const cells = all.filter((cell) => !withControl(cell));
  const wrong = all.filter((cell) => withControl(cell) && isWrong(cell) && !isToldOf(cell, cells));
  // Whoever talks is alive: this says nothing against the control peer.
  const leaks = wrong.filter(({ problem }) => problem === 'not-enforced');
  const others = wrong.filter((cell) => !leaks.includes(cell));
  const problems = [
    ...ended.stillResting,
    ...told(leaks).map((line) => `not-enforced: ${line}`),
    ...controlProblems(others),
  ];
  const has = (verdict: CellResult['verdict']) => cells.some((cell) => cell.verdict === verdict);
  const verdict =
    has('fail') || leaks.length > 0 ? 'fail' : has('error') || problems.length > 0 ? 'error' : 'pass';
  return {
    name,
    verdict,
    cells,
    problems,
    latency: latencyIn(cells),
    standIns: cells.filter(({ proof }) => proof?.startsWith('open-before')).length,
    writes,
    durationMs: Math.round(durationMs),
    text: [sideBySide(cells), ...problems].join('\n'),
  };
}

function cellResult({ changes, since, isTimed }: Ended, cell: JudgedCell): CellResult {
  const { from, to, port, protocol, expected, observed, verdict, problem, proof } = cell;
  const last = cell.observations.at(-1);
  const changed = changes(cell);
  const { latencyMs, transients } = historyOf(cell, since, changed ? 'changes' : 'stays');
  return {
    ...{ from, to, port, protocol, expected, observed, verdict, outcome: last?.outcome },
    transients: verdict === 'not-judged' ? 0 : transients,
    ...(problem === undefined ? {} : { problem }),
    ...(proof === undefined ? {} : { proof }),
    ...(last?.note === undefined ? {} : { detail: last.note }),
    ...(changed && isTimed && verdict === 'pass' && latencyMs !== undefined ? { latencyMs } : {}),
  };
}

const isWrong = ({ verdict }: CellResult) => verdict === 'fail' || verdict === 'error';

/** The Pod at the other end has this problem with the world's Pods too: the control peer is not the cause. */
function isToldOf({ from, to, problem }: CellResult, cells: readonly CellResult[]): boolean {
  const pod = isControl(from) ? to : from;
  return cells.some((cell) => cell.problem === problem && (cell.from === pod || cell.to === pod));
}

/**
 * One line per control peer: which talk with it is not as it must be, and how many more. A talk between two of them is told of the one
 * that is in more of the wrong ones: the other may be healthy.
 */
function controlProblems(wrong: readonly CellResult[]): readonly string[] {
  const controlsOf = ({ from, to }: CellResult) => [to, from].filter(isControl);
  const times = Map.groupBy(wrong.flatMap(controlsOf), (peer) => peer);
  const timesOf = (peer: string) => times.get(peer)?.length ?? 0;
  const peerOf = (cell: CellResult) => controlsOf(cell).toSorted((a, b) => timesOf(b) - timesOf(a))[0];
  return [...Map.groupBy(wrong, peerOf)].flatMap(([peer, own]) =>
    told(own).map((line) => `control-failed: ${peer}: ${line}`),
  );
}

/** One line for all, or none. */
function told([first, ...more]: readonly CellResult[]): readonly string[] {
  if (first === undefined) return [];
  const { from, to, port, protocol, expected, problem } = first;
  const others = more.length > 0 ? ` and ${more.length} more` : '';
  return [`${from} -> ${to} ${port}/${protocol} expected ${expected}, ${problem}${others}`];
}

function latencyIn(cells: readonly CellResult[]): Latency | undefined {
  return latencyOf(cells.flatMap(({ latencyMs }) => (latencyMs === undefined ? [] : [latencyMs])));
}
