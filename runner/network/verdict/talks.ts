// Remembers that a client and a server port were seen to talk, for the denies in which no control can: open before, open after.
import type { PodId } from './types.ts';

/** One end of a talk: a client with its protocol, or a server with its port, of one process. */
export type End = string;

export function clientEnd(id: PodId, boot: string, protocol: string): End {
  return `${id} ${boot} asks ${protocol}`;
}

export function serverEnd(id: PodId, boot: string, port: string): End {
  return `${id} ${boot} serves ${port}`;
}

export class Talks {
  readonly #last = new Map<End, number>();

  /** `at`: by our clock. */
  note(end: End, at: number): void {
    this.#last.set(end, Math.max(at, this.#last.get(end) ?? 0));
  }

  /** When it talked last; undefined when it never did. */
  last(end: End): number | undefined {
    return this.#last.get(end);
  }
}
