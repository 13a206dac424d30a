// Who says the last word: a run by itself, or the first shard for all of its Job (`--shard i/n --merge`).
import { CharterError } from '../errors/index.ts';
import { closingLines, type Style, summaryLine } from '../report/index.ts';
import { exitCodes } from './exit-codes.ts';
import { jobOf, shardText } from './job.ts';
import { mergeShards } from './merge-shards.ts';
import { printError } from './print-error.ts';
import { printSummaryLine } from './print-summary.ts';
import type { RunFlags } from './run-options.ts';

export interface RunEnding {
  readonly exitCode: number;
  /** Shards share one Lease: only the one that knows all others to have ended gives it back. */
  readonly lease: 'release' | 'keep';
}

/** Throws CHR_USAGE where journals could not be told apart. */
export function checkMerge({ merge, shard }: Pick<RunFlags, 'merge' | 'shard'>): void {
  if (merge === undefined) return;
  if (shard === undefined)
    throw new CharterError('CHR_USAGE', '--merge joins the shards of a Job, and there is no --shard', {
      hint: 'Give --shard /n too, as the chart does for an Indexed Job.',
    });
  if (jobOf(process.env).uid === undefined)
    throw new CharterError(
      'CHR_USAGE',
      '--merge finds the journals of a Job by its UID, and CHARTER_JOB_UID is not set',
      {
        hint: 'The chart sets it. By hand: give all shards of a run the same value, and each run another, or join their journals with `charter report merge`.',
      },
    );
}

export function mergesShards({ merge, shard }: Pick<RunFlags, 'merge' | 'shard'>): boolean {
  return merge === true && shard?.index === 1;
}

export interface MergeAtEnd {
  readonly flags: RunFlags;
  /** Of the first shard by itself. */
  readonly own: { readonly journal: string; readonly exitCode: number };
  readonly until: number;
  readonly signal: AbortSignal;
  readonly leaveLock: () => Promise<void>;
  readonly style: Style;
  /** Takes the merged journal; throws where it must be stored and could not be. */
  readonly store: (journal: string) => Promise<void>;
}

/** The first shard: waits, merges, and ends as the whole run does. */
export async function endMerged({
  flags,
  own,
  until,
  signal,
  leaveLock,
  style,
  store,
}: MergeAtEnd): Promise<RunEnding> {
  const { uid = '', ...job } = jobOf(process.env);
  const tell = (text: string) => void process.stdout.write(`${text}\n`);
  const count = flags.shard?.count ?? 1;
  const merged = await mergeShards({
    out: flags.out,
    journal: own.journal,
    count,
    job: { uid, ...job },
    until,
    signal,
    leaveLock,
    tell,
  });
  for (const line of closingLines(style, merged.state)) tell(line);
  if (signal.aborted) tell(`ended early: ${signal.reason}`);
  for (const file of merged.files) tell(`merged: ${file}`);
  const [mergedJournal] = merged.files;
  const stored = mergedJournal === undefined ? undefined : await store(mergedJournal).then(none, printed);
  printSummaryLine(summaryLine(merged.state));
  const unstored = own.exitCode === exitCodes.unwritten ? own.exitCode : stored;
  return { exitCode: unstored ?? merged.exitCode, lease: merged.complete ? 'release' : 'keep' };
}

const none = () => undefined;

function printed(error: unknown): number {
  printError(error);
  return exitCodes.unwritten;
}

export interface OwnEnd {
  readonly exitCode: number;
  readonly summary: string;
}

/**
 * Any other run. A shard whose verdict the first one tells ends with 0 whatever the verdict is: a Job that gives up at the first failed
 * Pod would end the others, and with them the report.
 */
export function endAlone({ merge, shard }: RunFlags, { exitCode, summary }: OwnEnd): RunEnding {
  const verdicts: readonly number[] = [exitCodes.failed, exitCodes.nothingProven, exitCodes.errors];
  const isToldByFirst = merge === true && shard !== undefined && shard.index > 1;
  const isLeft = isToldByFirst && verdicts.includes(exitCode);
  if (isLeft)
    process.stdout.write(
      `shard ${shardText(shard)} ends with 0: its verdict, ${exitCode}, counts in the merged report of shard 1/${shard.count}\n`,
    );
  printSummaryLine(summary);
  return { exitCode: isLeft ? exitCodes.passed : exitCode, lease: shard === undefined ? 'release' : 'keep' };
}
