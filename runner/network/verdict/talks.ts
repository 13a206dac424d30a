// Remembers that a client and a server port were seen to talk, for the denies in which no control can: open before, open after.
import type { PodId } from './types.ts';

/** One end of a talk: a client with its protocol, or a server with its port, of one process. */
export type End = string;
/** Both ends of one talk: that each talks with somebody does not say that they can with each other. */
export type Pair = string;

export function clientEnd(id: PodId, boot: string, protocol: string): End {
  return `${id} ${boot} asks ${protocol}`;
}

export function serverEnd(id: PodId, boot: string, port: string): End {
  return `${id} ${boot} serves ${port}`;
}

export function pairOf(client: End, server: End): Pair {
  return `${client} of ${server}`;
}

export class Talks {
  readonly #last = new Map<End | Pair, number>();

  /** `at`: by our clock. */
  note(client: End, server: End, at: number): void {
    for (const one of [client, server, pairOf(client, server)])
      this.#last.set(one, Math.max(at, this.#last.get(one) ?? 0));
  }

  /** When it talked last; undefined when it never did. */
  last(one: End | Pair): number | undefined {
    return this.#last.get(one);
  }
}
