// A deny that rests on "open before" is a proof only with "open after": what died under it would look the same until then, a Pod or the
// way between two.
import { endsOf, type JudgedCell } from './judge-step.ts';
import type { Ledger } from './ledger.ts';
import { type Pair, pairOf } from './talks.ts';

/** Cells that rest on what was before, each with its two ends, of the processes that run now. */
export type StandIns = ReadonlyMap<JudgedCell, Pair>;

export function standInsOf(ledger: Ledger, cells: readonly JudgedCell[]): StandIns {
  const resting = cells.filter(({ verdict, proof }) => verdict === 'pass' && proof === 'open-before');
  return new Map(
    resting.map((cell) => {
      const { client, server } = endsOf(ledger, cell);
      return [cell, pairOf(client, server)];
    }),
  );
}

/** `shut`: pairs that did not talk after the policies were gone. */
export function afterReopening(
  cells: readonly JudgedCell[],
  standIns: StandIns,
  shut: ReadonlySet<Pair>,
): readonly JudgedCell[] {
  return cells.map((cell): JudgedCell => {
    const pair = standIns.get(cell);
    if (pair === undefined) return cell;
    if (!shut.has(pair)) return { ...cell, proof: 'open-before-and-after' };
    const { proof: _, ...rest } = cell;
    return { ...rest, verdict: 'error', problem: 'never-reopened' };
  });
}
