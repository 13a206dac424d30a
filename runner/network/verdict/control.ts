// Decides for each end of a denied cell whether somebody proves that it lives. The model says who may: every cell that it expects
// to be open, of the same client over the same protocol, or at the same server port, is a control, whoever the other side is.
// The control peers (one Pod per node, which no policy selects) see to it that there mostly is one.
// Where a talk was expected that is not there, any other talk of the two ends proves that their network lives.
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

type Told = readonly Observation[];

const partKey = (pod: PodId, { protocol }: ControlCell) => `takes part ${pod} ${protocol}`;
const clientKey = ({ from, protocol }: ControlCell) => `${from} ${protocol}`;
const serverKey = ({ to, port, protocol }: ControlCell) => `${to} ${port}/${protocol}`;

/** The cells of a step, by the ends that they are a control of. */
export class Controls {
  readonly #open = new Map<string, Told[]>();
  readonly #all = new Map<string, Told[]>();

  /** A Pod that talks to itself proves nothing of its network. */
  add(cell: ControlCell, observations: Told): void {
    if (cell.from === cell.to) return;
    for (const pod of [cell.from, cell.to]) addTo(this.#all, partKey(pod, cell), observations);
    if (cell.expected !== 'allowed') return;
    for (const key of [`client ${clientKey(cell)}`, `server ${serverKey(cell)}`]) {
      addTo(this.#open, key, observations);
    }
  }

  /** Do the two ends of a cell that does not talk both talk otherwise, over its protocol? Each may ask or be asked: all that a client may reach can be this server. */
  bothLive(cell: ControlCell, span: Span): boolean {
    return [cell.from, cell.to].every((pod) =>
      this.#all.get(partKey(pod, cell))?.some((all) => all.some((one) => isTalk(one, span))),
    );
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

function addTo(told: Map<string, Told[]>, key: string, observations: Told): void {
  const known = told.get(key);
  if (known === undefined) told.set(key, [observations]);
  else known.push(observations);
}

export function isTalk({ outcome, saw, start, end }: Observation, span?: Span): boolean {
  const talked = outcome === 'ok' && saw !== 'no';
  return talked && (span === undefined || (end >= span.start && start <= span.end));
}
