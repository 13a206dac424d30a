// What a run left in the cluster: worlds whose worker was interrupted together with this process, died, or could not remove them.
import { readdirSync } from 'node:fs';
import type { ClusterAddress } from '../network/index.ts';
import { exitCodes } from './exit-codes.ts';
import { printError } from './print-error.ts';

/**
 * `worlds`: a folder with one mark for each world that stood and was not seen to go. Removes them and tells of it on stderr; answers
 * how many worlds are still there, or may be. `withinMs`: how long each may take.
 */
export async function sweepLeft(cluster: ClusterAddress, worlds: string, withinMs?: number): Promise<number> {
  const marks = readdirSync(worlds);
  if (marks.length === 0) return 0;
  const [{ sweepCluster }, { sweptText }] = await Promise.all([
    import('../network/index.ts'),
    import('./network-sweep.ts'),
  ]);
  let left = 0;
  for (const suffix of marks) {
    try {
      const swept = await sweepCluster(cluster, { suffix }, withinMs);
      if (swept.gone.length + swept.terminating.length > 0) process.stderr.write(sweptText(swept));
      if (swept.terminating.length > 0) left += 1;
    } catch (error) {
      printError(error);
      left += 1;
    }
  }
  return left;
}

/** A green run that has left something is not: its verdicts stand, and what it promised of the cluster does not. */
export function codeAfter(code: number, left: number): number {
  return code === exitCodes.passed && left > 0 ? exitCodes.errors : code;
}
