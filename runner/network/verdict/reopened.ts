// A deny that rests on "open before" is a proof only with "open after": a Pod that died under it would look the same until then.
import { endsOf, type JudgedCell } from './judge-step.ts';
import type { Ledger } from './ledger.ts';
import type { End } from './talks.ts';

/** Cells that rest on what was before, with their two ends, of the processes that run now. */
export type StandIns = ReadonlyMap<JudgedCell, readonly End[]>;

export function standInsOf(ledger: Ledger, cells: readonly JudgedCell[]): StandIns {
  const resting = cells.filter(({ verdict, proof }) => verdict === 'pass' && proof === 'open-before');
  return new Map(resting.map((cell) => [cell, Object.values(endsOf(ledger, cell))]));
}

/** `shut`: ends that did not talk after the policies were gone. */
export function afterReopening(
  cells: readonly JudgedCell[],
  standIns: StandIns,
  shut: ReadonlySet<End>,
): readonly JudgedCell[] {
  return cells.map((cell): JudgedCell => {
    const ends = standIns.get(cell);
    if (ends === undefined) return cell;
    if (!ends.some((end) => shut.has(end))) return { ...cell, proof: 'open-before-and-after' };
    const { proof: _, ...rest } = cell;
    return { ...rest, verdict: 'error', problem: 'never-reopened' };
  });
}
