// Decides for each end of a denied cell whether somebody proves that it lives. The model says who may: every cell that it expects
// to be open, of the same client over the same protocol, or at the same server port, is a control, whoever the other side is.
// The control peers (one Pod per node, which no policy selects) see to it that there mostly is one.
import type { Protocol } from '../model/types.ts';
import type { Control } from './judge-cell.ts';
import type { Observation } from './observe.ts';
import type { PodId } from './types.ts';

export interface ControlCell {
  readonly from: PodId;
  readonly to: PodId;
  readonly port: number;
  readonly protocol: Protocol;
  readonly expected: string;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

const clientKey = ({ from, protocol }: ControlCell) => `${from} ${protocol}`;
const serverKey = ({ to, port, protocol }: ControlCell) => `${to} ${port}/${protocol}`;

/** All open cells of a step, by the ends that they are a control of. */
export class Controls {
  readonly #open = new Map<string, (readonly Observation[])[]>();

  /** A Pod that talks to itself proves nothing of its network. */
  add(cell: ControlCell, observations: readonly Observation[]): void {
    if (cell.expected !== 'allowed' || cell.from === cell.to) return;
    for (const key of [`client ${clientKey(cell)}`, `server ${serverKey(cell)}`]) {
      this.#open.set(key, [...(this.#open.get(key) ?? []), observations]);
    }
  }

  /** Of both ends together; `wasOpen` answers for an end without an open cell. */
  of(cell: ControlCell, span: Span, wasOpen: (end: 'client' | 'server') => boolean): Control {
    const ends = [
      ['client', this.#open.get(`client ${clientKey(cell)}`)],
      ['server', this.#open.get(`server ${serverKey(cell)}`)],
    ] as const;
    const said = ends.map(([end, open]): Control => {
      if (open === undefined) return wasOpen(end) ? 'none' : 'never';
      return open.some((observations) => observations.some((one) => isTalk(one, span))) ? 'talked' : 'failed';
    });
    // The weakest end decides.
    return (['failed', 'never', 'none'] as const).find((one) => said.includes(one)) ?? 'talked';
  }

  /** For a target that has no prober in it: does nobody of at least two who may get an answer? */
  nobodyReaches(cell: ControlCell, span: Span): boolean {
    const open = this.#open.get(`server ${serverKey(cell)}`) ?? [];
    return open.length > 1 && !open.some((all) => all.some((one) => isTalk(one, span)));
  }
}

export function isTalk({ outcome, saw, start, end }: Observation, span?: Span): boolean {
  const talked = outcome === 'ok' && saw !== 'no';
  return talked && (span === undefined || (end >= span.start && start <= span.end));
}
