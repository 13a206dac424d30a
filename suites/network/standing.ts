// The world that the steps of this worker stand in: opened once, and left for another one where nobody knows any more in which state it is.
import type { Stage, Stepped } from './settings.ts';

type Declaration = Parameters<Stage['world']['step']>[0];

/** One refused call costs the step it was made for; where worlds break all the time, the steps that are left say why. */
const mostReopenings = 4;

export interface Standing {
  /** The world that stands, or another one. One that could not be opened is not tried again for every step: each says why. */
  readonly stage: (signal: AbortSignal) => Promise<Stage>;
  /**
   * A step in it. After a call that failed, or once `signal` aborts, the world is left: nobody knows its state. Nothing of that step is
   * left to run beside the next one, which gets another world.
   */
  readonly step: (declaration: Declaration, signal: AbortSignal) => Promise<Stepped>;
  readonly close: () => Promise<void>;
}

interface Opened {
  readonly stage: Promise<Stage>;
  /** Ends what still waits in it. */
  readonly end: AbortController;
}

/** `left` is called when a world is given up; what was known of it is void. */
export function standing(open: (signal: AbortSignal) => Promise<Stage>, left: () => void): Standing {
  let opened: Opened | undefined;
  let reopenings = 0;
  let leaving: Promise<unknown> = Promise.resolve();

  const current = (): Opened => {
    if (opened !== undefined) return opened;
    const end = new AbortController();
    opened = { end, stage: leaving.then(() => open(end.signal)) };
    return opened;
  };

  const leave = (world: Opened): void => {
    if (world !== opened) return;
    left();
    if (reopenings >= mostReopenings) return;
    reopenings += 1;
    opened = undefined;
    leaving = closed(world);
  };

  return {
    stage: async (signal) => {
      const stage = await current().stage;
      signal.throwIfAborted();
      return stage;
    },
    step: async (declaration, signal) => {
      signal.throwIfAborted();
      const own = current();
      const { world } = await own.stage;
      const giveUp = () => {
        own.end.abort(new Error('this world was given up: an earlier step ran out of time'));
        leave(own);
      };
      signal.addEventListener('abort', giveUp);
      try {
        signal.throwIfAborted();
        const stepped = await world.step(declaration);
        signal.throwIfAborted();
        return stepped;
      } catch (error) {
        leave(own);
        await leaving;
        throw error;
      } finally {
        signal.removeEventListener('abort', giveUp);
      }
    },
    close: async () => {
      await Promise.all([leaving, opened === undefined ? undefined : closed(opened)]);
    },
  };
}

async function closed({ stage }: Opened): Promise<void> {
  const open = await stage.catch(() => undefined);
  try {
    await open?.world.close();
  } catch (error) {
    // No verdict hangs on it; the command that started this run removes what is left.
    process.stderr.write(`the world could not be removed: ${error}\n`);
  }
}
