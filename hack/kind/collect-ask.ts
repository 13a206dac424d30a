// The commands that a failure folder is filled by. Each is bounded, and so are all together: a cluster that hangs is what it is about.
import { attempt } from './command.ts';

/** Milliseconds: of one command, and until the last of all has to end. */
const patience = { command: 8_000, all: 24_000 };

export interface CollectEdges {
  /** What the command printed within that many milliseconds. */
  readonly ask: (words: readonly string[], timeoutMs: number) => Promise<string>;
  /** Milliseconds of any clock that does not jump. */
  readonly now: () => number;
}

export type Ask = (...words: readonly string[]) => Promise<string>;

export const edgesOfHost: CollectEdges = { ask: outputOf, now: () => performance.now() };

/** The time of all begins now. */
export function askInTime({ ask, now }: CollectEdges): Ask {
  const end = now() + patience.all;
  return async (...words) => {
    const left = end - now();
    if (left <= 0) return `not asked: ${patience.all / 1_000} s were over\n`;
    return ask(words, Math.min(patience.command, left));
  };
}

async function outputOf(words: readonly string[], timeoutMs: number): Promise<string> {
  const { stdout, stderr } = await attempt(words, { timeoutMs });
  return `${stdout}${stderr}`;
}
