// Looks at what the probers tell until everything has been as expected for two full cycles, or what else was waited for has come, or
// the time for it is over.
import { pause, systemClock } from '../../kube/index.ts';
import { type Judgement, judgeStep, refusalsTakeMs, type StepCell, type Talks } from '../verdict/index.ts';
import type { Probers } from './probers.ts';

const lookMs = 100;

export interface Settling {
  readonly probers: Probers;
  readonly talks: Talks;
  readonly cells: readonly StepCell[];
  /** When the last write was answered; by our monotonic clock. */
  readonly since: number;
  readonly confirmFrom: number;
  readonly lookUntil?: number | undefined;
  /** Milliseconds after `since`; as much longer as refusals take, where nothing else is missing. */
  readonly settleMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Ends it in place of {@link Judgement.settled}. */
  readonly enough?: () => boolean;
}

export async function judgeUntilSettled(settling: Settling): Promise<Judgement> {
  const { probers, talks, cells, since, confirmFrom, lookUntil, settleMs, signal, enough } = settling;
  const registered = new Map(probers.pods.map((pod) => [pod.id, pod]));
  const rationedMs = settleMs + refusalsTakeMs(cells);
  for (;;) {
    signal?.throwIfAborted();
    probers.throwTrouble();
    const now = performance.now();
    const { generation, ledger } = probers;
    const judgement = judgeStep(ledger, talks, {
      ...{ cells, registered, generation, since, confirmFrom, lookUntil, now },
    });
    const longestMs = judgement.lacksOnlyRefusals ? rationedMs : settleMs;
    if ((enough?.() ?? judgement.settled) || now > since + longestMs) return judgement;
    await pause(systemClock, lookMs, signal);
  }
}
