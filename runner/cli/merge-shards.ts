// The end of a sharded Job: its first shard waits for the journals of the others on their common volume and makes one report.
import { join } from 'node:path';
import { CharterError } from '../errors/index.ts';
import { exitCodeOf, fold, isProduction, mergeEvents, type RunState } from '../journal/index.ts';
import { replaceFile } from '../report/index.ts';
import { awaitShards, numbers } from './await-shards.ts';
import { exitCodes } from './exit-codes.ts';
import type { Job } from './job.ts';
import { printError } from './print-error.ts';
import { isOver, toldEvents } from './shard-journals.ts';
import { writeReports } from './write-reports.ts';

export interface MergeRequest {
  readonly out: string;
  /** Of the first shard, this process. */
  readonly journal: string;
  readonly count: number;
  readonly job: Job & { readonly uid: string };
  /** Epoch milliseconds until which the other shards are waited for. */
  readonly until: number;
  /** Ends the wait; its reason goes into the report. */
  readonly signal: AbortSignal;
  /** Gives up this process' part in the lock; who runs keeps it. Called once at most. */
  readonly leaveLock: () => Promise<void>;
  readonly tell: (text: string) => void;
}

export interface Merged {
  readonly state: RunState;
  readonly exitCode: number;
  /** Every shard has come to its end, so nobody of this Job needs the lock any more. */
  readonly complete: boolean;
  readonly files: readonly string[];
}

/** As `report fetch` knows it. */
export const mergedEnding = '-merged';

export async function mergeShards(request: MergeRequest): Promise<Merged> {
  const { out, job, count, until, signal } = request;
  const { found } = await waitForOthers(request);
  const because = signal.aborted ? String(signal.reason) : 'deadline';
  const at = new Date().toISOString();
  const missed = { because, lookedIn: out, at };
  const parts = numbers(count).map((index) =>
    toldEvents(found.get(index)?.events, { shard: `${index}/${count}`, ...missed }),
  );
  const events = mergeEvents(parts);
  const state = fold(events);
  const complete = numbers(count).every((index) => isOver(found.get(index)));
  const base = join(out, `charter-${job.name ?? job.uid}${mergedEnding}`);
  if (!complete && !signal.aborted && Date.now() >= until)
    request.tell(`waited for the other shards until ${new Date(until).toISOString()}, and no longer`);
  try {
    // Whole or not at all: a replaced first shard merges again.
    const lines = events.map((event) => `${JSON.stringify(event)}\n`);
    replaceFile(`${base}.jsonl`, lines, 'disk');
    const files = [`${base}.jsonl`, ...writeReports(`${base}.xml`, state, 'all')];
    return { state, exitCode: exitCodeOf(state, { production: isProduction(state) }), complete, files };
  } catch (error) {
    if (!(error instanceof CharterError)) throw error;
    printError(error);
    return { state, exitCode: exitCodes.unwritten, complete, files: [] };
  }
}

function waitForOthers({ out, journal, count, job, until, signal, leaveLock, tell }: MergeRequest) {
  return awaitShards(
    { out, journal, count, uid: job.uid },
    {
      ...{ until, signal },
      tell: (awaited) => tell(`waiting until ${new Date(until).toISOString()} for shards ${awaited}`),
      onSilence: async () => {
        tell(
          'gives up the run lock meanwhile: no shard has said anything for long, and another run may go first',
        );
        await leaveLock();
        return 'wait';
      },
    },
  );
}
