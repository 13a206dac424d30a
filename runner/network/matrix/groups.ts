// A matrix that people can look at: Pods of one workload are one line, and a group whose Pods differ says so instead of hiding it.
import { isExternal, peerName } from '../model/peer.ts';
import type { Cell, CellVerdict, Matrix, Peer, PortQuery } from '../model/types.ts';

export type GroupVerdict = CellVerdict | 'mixed' | 'none';

export interface Group {
  /** `namespace/workload`, `namespace/pod` or an address. */
  readonly name: string;
  readonly size: number;
}

export interface GroupCell {
  readonly verdict: GroupVerdict;
  /** How many cells of the matrix it stands for; a Pod to itself counts only where nothing else is there. */
  readonly cells: number;
  /** The first of them, whose rules are told as an example. */
  readonly example: Cell | undefined;
}

export interface GroupedMatrix {
  readonly groups: readonly Group[];
  readonly ports: readonly PortQuery[];
  /** By port, source and destination, in the order of `ports` and `groups`. */
  readonly verdicts: readonly (readonly (readonly GroupCell[])[])[];
}

export type Grouping = 'workload' | 'pod';

export function groupMatrix({ peers, ports, cells }: Matrix, by: Grouping): GroupedMatrix {
  const members = Map.groupBy(peers, (peer) => groupName(peer, by));
  const names = [...members.keys()].toSorted();
  const position = new Map(names.map((name, index) => [name, index]));
  const indexOf = new Map(peers.map((peer) => [peer, position.get(groupName(peer, by)) ?? 0]));
  const verdicts = ports.map(() => names.map(() => names.map(() => emptyCell())));
  for (const [index, cell] of cells.entries()) {
    const row = verdicts[index % ports.length]?.[indexOf.get(cell.from) ?? 0];
    const found = row?.[indexOf.get(cell.to) ?? 0];
    if (found !== undefined) add(found, cell);
  }
  return {
    groups: names.map((name) => ({ name, size: members.get(name)?.length ?? 0 })),
    ports,
    verdicts,
  };
}

function groupName(peer: Peer, by: Grouping): string {
  if (by === 'pod' || isExternal(peer)) return peerName(peer);
  return `${peer.namespace}/${peer.workload?.split('/')[1] ?? peer.name}`;
}

interface Growing {
  verdict: GroupVerdict;
  cells: number;
  example: Cell | undefined;
}

function emptyCell(): Growing {
  return { verdict: 'none', cells: 0, example: undefined };
}

/** A Pod reaches itself whatever the policies say; among several Pods that would only blur the verdict of the others. */
function add(cell: Growing, next: Cell): void {
  const wasSelf = cell.example?.notes.includes('self') === true;
  const isSelf = next.notes.includes('self');
  if (cell.example !== undefined && isSelf && !wasSelf) return;
  const startsAnew = cell.example === undefined || (wasSelf && !isSelf);
  cell.verdict = startsAnew ? next.verdict : cell.verdict === next.verdict ? cell.verdict : 'mixed';
  cell.cells = startsAnew ? 1 : cell.cells + 1;
  if (startsAnew) cell.example = next;
}
