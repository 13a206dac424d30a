// Whether isolated cases may begin: the first shard of a Job waits until the journals of the others say that they have ended.
import { awaitShards } from './await-shards.ts';
import { jobOf } from './job.ts';
import type { RunFlags } from './run-options.ts';
import type { RunRecords } from './run-records.ts';
import { mergesShards } from './sharded-end.ts';

export type MissingOthers = (signal: AbortSignal) => Promise<string | undefined>;

/**
 * Settles when the others have ended, or with why nobody knows that they have: the signal was aborted, or no shard has said anything for
 * so long that the lock of the Job may be another's soon. Undefined for a shard that does not merge: it knows of no other.
 */
export function othersOf(
  flags: Pick<RunFlags, 'out' | 'merge' | 'shard'>,
  { journal, aside }: Pick<RunRecords, 'journal' | 'aside'>,
): MissingOthers | undefined {
  if (!mergesShards(flags)) return undefined;
  const { uid = '' } = jobOf(process.env);
  const shards = { out: flags.out, journal, count: flags.shard?.count ?? 1, uid };
  return async (signal) => {
    const { awaited } = await awaitShards(shards, {
      until: Number.POSITIVE_INFINITY,
      signal,
      tell: (text) => aside(`waiting for shards ${text} to end, before the isolated cases\n`),
      onSilence: async () => 'end',
    });
    if (awaited === '') return undefined;
    const because = signal.aborted ? String(signal.reason) : 'no shard has said anything for five minutes';
    return `${because}: waited for shards ${awaited}`;
  };
}
