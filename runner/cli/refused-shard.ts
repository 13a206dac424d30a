// A shard that may not run says so on the common volume: without a word of it the first shard would wait until its deadline.
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type JournalEvent, openJournal } from '../journal/index.ts';
import { printError } from './print-error.ts';
import type { RunFlags } from './run-options.ts';

export interface Refusal {
  readonly flags: Pick<RunFlags, 'out' | 'merge' | 'shard'>;
  readonly runId: string;
  readonly environment: string;
  /** As every journal of the Job has them. */
  readonly properties: Readonly<Record<string, string>>;
  readonly exitCode: number;
  readonly why: string;
}

/** Two lines that only a merge reads: to everybody else a refused run has left nothing. */
export function leaveRefusal({ flags, runId, environment, properties, exitCode, why }: Refusal): void {
  const { out, merge, shard } = flags;
  if (merge === undefined || shard === undefined || shard.index === 1) return;
  const at = new Date().toISOString();
  const events: JournalEvent[] = [
    { event: 'run-started', at, run: runId, host: hostname(), environment, properties },
    { event: 'run-ended', at, exitCode, reason: why },
  ];
  try {
    const journal = openJournal(
      join(out, `.charter-${hostname()}-${runId}-${shard.index}of${shard.count}.jsonl`),
    );
    for (const event of events) journal.append(event);
    journal.close();
  } catch (error) {
    printError(error);
  }
}
