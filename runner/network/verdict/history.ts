// What the cycles since the last write tell about time: when a cell became as expected for good, and whether it flickered after that.
import { isTalk } from './control.ts';
import type { JudgedCell } from './judge-step.ts';

export interface CellHistory {
  /** Milliseconds from the last write to the begin of the first cycle from which on it was as expected; undefined when it never was. */
  readonly latencyMs: number | undefined;
  readonly transients: number;
}

/** `changes`: the step changes what is expected of the cell; else it has to be as expected from the first cycle on. */
export function historyOf(cell: JudgedCell, since: number, changes: 'changes' | 'stays'): CellHistory {
  const right = cell.observations.map((one) =>
    cell.expected === 'allowed' ? isTalk(one) : cell.signals.includes(one.outcome) && one.saw !== 'yes',
  );
  const first = changes === 'changes' ? right.indexOf(true) : 0;
  const transients = first < 0 ? 0 : right.slice(first).filter((one) => !one).length;
  const settledAt = right.lastIndexOf(false) + 1;
  const settled = cell.observations[settledAt];
  return {
    transients,
    latencyMs: settled === undefined ? undefined : Math.max(0, Math.round(settled.start - since)),
  };
}
