// The last run as JSON, for programs: a platform's own cockpit, a chat bot, a gate before a release.
import type { EnvironmentHead, RunHead } from '../store/index.ts';
import { isGreen, isStale } from './freshness.ts';
import { links } from './html/links.ts';
import { doneOf, toComeOf, verdictSentence } from './html/words.ts';
import { etaMs } from './pages/live.ts';

/** Fields are only ever added. Times are ISO 8601 in UTC, durations in milliseconds. */
export interface LastRun {
  readonly environment: string;
  /** True only for a run of the whole charter in which every promise was kept, and that is not stale. */
  readonly green: boolean;
  /** When it began. */
  readonly lastGreenAt: string | null;
  readonly lastGreenEndedAt: string | null;
  /** The last run ended more than 26 hours ago, however it ended. */
  readonly stale: boolean;
  /** Of the whole charter: a run of a part is no verdict. */
  readonly last: RunDocument | null;
  readonly running:
    | (RunDocument & {
        /** Cases that have ended. */
        readonly done: number;
        /** Cases that have not, those that are being tried among them; in no count. */
        readonly toCome: number;
        readonly planned: number;
        readonly etaMs: number | null;
      })
    | null;
}

export interface RunDocument {
  readonly run: string;
  readonly status: RunHead['status'];
  readonly sentence: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly durationMs: number;
  readonly exitCode: number | null;
  /** Of a run that goes on: of the cases that have ended. */
  readonly counts: RunHead['counts'];
  readonly flaky: number;
  readonly notRun: number;
  readonly unplannedSkips: number;
  /** The flags that made it a part of the charter; null where it is whole, as `last` always is. */
  readonly selection: string | null;
  /** Path below the address of the cockpit. */
  readonly path: string;
}

export function lastRun(head: EnvironmentHead, now: number): LastRun {
  const { environment, last, running, lastGreenAt, lastGreenEndedAt } = head;
  return {
    environment,
    green: isGreen(last, now),
    lastGreenAt: lastGreenAt ?? null,
    lastGreenEndedAt: lastGreenEndedAt ?? null,
    stale: last !== undefined && isStale(last, now),
    last: last === undefined ? null : documentOf(last),
    running:
      running === undefined
        ? null
        : {
            ...documentOf(running),
            done: doneOf(running),
            toCome: toComeOf(running),
            planned: running.planned,
            etaMs: etaMs(running) ?? null,
          },
  };
}

function documentOf(head: RunHead): RunDocument {
  const { run, status, startedAt, lastAt, durationMs, exitCode, counts, flaky, notRun, unplannedSkips } =
    head;
  return {
    run,
    status,
    sentence: verdictSentence(head),
    startedAt,
    endedAt: status === 'running' ? null : lastAt,
    durationMs,
    exitCode: exitCode ?? null,
    counts,
    flaky,
    notRun,
    unplannedSkips,
    selection: head.selection ?? null,
    path: links.run(run),
  };
}
