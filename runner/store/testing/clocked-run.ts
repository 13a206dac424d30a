// A run of one case on a machine with a clock of its own.
import type { JournalEvent } from '../../journal/index.ts';

export type Colour = 'passed' | 'failed';

/** A run of a minute that ended `ms` from now, as its own machine has it. */
export function clockedRun(run: string, environment: string, verdict: Colour, ms: number): JournalEvent[] {
  const ended = Date.now() + ms;
  const at = (ago: number) => new Date(ended - ago).toISOString();
  return [
    { event: 'run-started', at: at(60_000), run, host: 'h', environment, properties: {} },
    { event: 'case-ended', at: at(0), key: 'K/1', attempt: 1, durationMs: 9, outcome: { verdict } },
    { event: 'run-ended', at: at(0), exitCode: verdict === 'passed' ? 0 : 1, reason: 'completed' },
  ];
}
