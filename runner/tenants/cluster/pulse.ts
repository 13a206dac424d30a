// Does an engaged cluster still answer? A watch of one that has fallen silent says nothing for a long time, and no Tenant may look Ready meanwhile.
import { wordsOf } from '../../errors/index.ts';
import { type Clock, isKubeError, pause } from '../../kube/index.ts';

export interface Pulse {
  /** Why it does not answer, in words; undefined while it does. */
  readonly trouble: () => string | undefined;
  /** Resolves once the signal is aborted and nothing is asked any more. */
  readonly ended: Promise<void>;
}

export interface PulseOptions {
  /** One small request with a limit of its own. */
  readonly ask: () => Promise<unknown>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told once each time: the words when it has stopped answering, undefined when it answers again. */
  readonly onChange: (trouble: string | undefined) => void;
}

const everyMs = 5_000;
const againMs = 2_000;
/** Requests that fail one after the other; a remote far away loses one now and then. One that is not answered in all its time is enough. */
const failuresOfTrouble = 3;

export function pulse({ ask, clock, signal, onChange }: PulseOptions): Pulse {
  let trouble: string | undefined;
  let failures = 0;

  async function beat(): Promise<string | undefined> {
    try {
      await ask();
      failures = 0;
    } catch (error) {
      failures += isKubeError(error, 'CHR_KUBE_TIMEOUT') ? failuresOfTrouble : 1;
      if (failures >= failuresOfTrouble) return wordsOf(error);
    }
    return failures === 0 ? undefined : trouble;
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      await pause(clock, failures === 0 ? everyMs : againMs, signal);
      if (signal.aborted) return;
      const before = trouble;
      const now = await beat();
      if (signal.aborted) return;
      trouble = now;
      if ((before === undefined) !== (now === undefined)) onChange(now);
    }
  }

  return { trouble: () => trouble, ended: run() };
}
