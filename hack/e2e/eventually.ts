// Waits for the cluster to come to a state, and says what it last saw when it does not.
import { setTimeout as sleep } from 'node:timers/promises';

export interface Waiting {
  /** Seconds. */
  readonly within: number;
  readonly everyMs?: number;
}

/** `look` answers with undefined while what is awaited is not there; a string says what is there instead. */
export async function eventually<Result extends object>(
  what: string,
  { within, everyMs = 300 }: Waiting,
  look: () => Promise<Result | string | undefined>,
): Promise<Result> {
  const end = performance.now() + within * 1_000;
  for (;;) {
    const seen = await look();
    if (typeof seen === 'object') return seen;
    if (performance.now() > end) {
      throw new Error(`${what}: not within ${within} s; last seen: ${seen ?? 'nothing'}`);
    }
    await sleep(everyMs);
  }
}
