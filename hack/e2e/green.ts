// One run of the whole charter against the healthy platform, which more than one check looks at: it takes its time.
import type { Report } from './results.ts';
import type { EndedPod } from './runs.ts';
import type { World } from './world.ts';

export interface GreenRun {
  readonly condition: string;
  readonly pods: readonly EndedPod[];
  readonly report: Report;
}

let known: Promise<GreenRun> | undefined;

/** Made by the first who asks, with the values that are installed then. */
export function greenRun({ runs, results }: World): Promise<GreenRun> {
  known ??= runs.run('manual').then(async ({ condition, pods }) => {
    return { condition, pods, report: await results.reportOf(pods[0]?.name ?? '') };
  });
  return known;
}
