// What the pages of the cockpit ask the store for, as plain data. The cockpit knows these shapes and no table.
import type { Counts, Failure, RunState, Verdict } from '../../journal/index.ts';
import type { RunStatus } from '../schema.ts';

/** One run in a line. Times are ISO 8601 in UTC, durations in milliseconds. */
export interface RunHead {
  readonly run: string;
  readonly environment: string;
  readonly host: string;
  /** By the clock of the database, as all times here: the runner's own stands in its reports. */
  readonly startedAt: string;
  /** When it ended or was last heard of; of a run that goes on: now. */
  readonly lastAt: string;
  /** Only `passed` is green. */
  readonly status: RunStatus;
  readonly exitCode: number | undefined;
  readonly reason: string | undefined;
  /** Of a run that goes on: of the cases that have ended. */
  readonly counts: Counts;
  readonly flaky: number;
  readonly unplannedSkips: number;
  /** Cases that were planned and never started. */
  readonly notRun: number;
  /** Cases that are being tried just now; they have no result yet. */
  readonly inFlight: number;
  /** Cases in the plan; 0 while there is none. */
  readonly planned: number;
  readonly durationMs: number;
  /** Of a run that was told to leave something out, the flags that say so; undefined where it was of all its charter names. */
  readonly selection: string | undefined;
  /** `2/3` of a shard that stands alone. */
  readonly shard: string | undefined;
}

export interface EnvironmentHead {
  readonly environment: string;
  /** The newest run of the whole charter that is over, however it ended: a part of it, green or red, is no verdict on the environment. */
  readonly last: RunHead | undefined;
  /** One of the whole charter before one of a part. */
  readonly running: RunHead | undefined;
  /** When the last green run of the whole charter began. */
  readonly lastGreenAt: string | undefined;
  readonly lastGreenEndedAt: string | undefined;
}

/** What a case is called and where it stands. */
export interface CaseName {
  readonly key: string;
  readonly campaign: string;
  readonly id: string;
  readonly persona: string | undefined;
  readonly title: string;
  readonly file: string;
  readonly line: number | undefined;
}

/** A case of one run; `verdict` is undefined while none of its attempts has ended, unless the run was lost meanwhile. */
export interface CaseResult extends CaseName {
  readonly verdict: Verdict | undefined;
  /** Its run goes on, and so does an attempt of it. */
  readonly isRunning: boolean;
  readonly isFlaky: boolean;
  readonly durationMs: number;
  readonly attempts: readonly AttemptResult[];
}

export interface AttemptResult {
  readonly attempt: number;
  readonly startedAt: string;
  readonly durationMs: number | undefined;
  /** Undefined: the attempt has not ended. */
  readonly verdict: Verdict | undefined;
  readonly failure: Failure | undefined;
  readonly reason: string | undefined;
  readonly isPlannedSkip: boolean;
  readonly warnings: readonly string[];
}

/** Characters that the store keeps of a note; one of this length may be the beginning of a longer one (migrations/002-views.ts). */
export const noteLength = 500;

/** A case of one run without its attempts: what a row of a list needs. */
export interface CaseLine extends CaseName {
  readonly verdict: Verdict | undefined;
  readonly isRunning: boolean;
  readonly isFlaky: boolean;
  readonly durationMs: number;
  /** The message of its failure or the reason of its skip, cut to {@link noteLength}. */
  readonly note: string;
}

/**
 * `still-failing` is told beside the changes: it is how many cases are as bad as they were. `gone` was failed or error before and is not
 * planned any more: its red ended without a fix. It has no verdict, and the note of the run before.
 */
export type ChangeKind = 'newly-failing' | 'fixed' | 'newly-skipped' | 'gone' | 'flaky' | 'still-failing';

export interface Change {
  readonly kind: ChangeKind;
  /** How often there is such a change; `cases` holds the first of them. */
  readonly count: number;
  readonly cases: readonly CaseLine[];
}

/** How one campaign did in one run. What is being tried for the first time is not run yet. */
export interface CampaignCell {
  readonly run: string;
  readonly campaign: string;
  readonly passed: number;
  readonly failed: number;
  readonly error: number;
  readonly skipped: number;
  readonly notRun: number;
  readonly timeMs: number;
}

export interface SkipGroup {
  readonly reason: string;
  readonly isPlanned: boolean;
  readonly count: number;
  /** The first of them. */
  readonly cases: readonly CaseName[];
}

/** What a case did in one run, for its history; newest last where there are many. */
export interface HistoryPoint {
  readonly run: string;
  readonly startedAt: string;
  /** Undefined: it goes on, or it was cut off with its run. */
  readonly verdict: Verdict | undefined;
  /** Its run goes on, and so does an attempt of it. */
  readonly isRunning: boolean;
  readonly isFlaky: boolean;
  readonly durationMs: number;
}

export interface FlakyCase extends CaseName {
  readonly environment: string;
  /** Runs looked at in which the case ended. */
  readonly runs: number;
  /** Of these: passed only after an attempt that had not. */
  readonly retried: number;
  /** Of these: result differs from that of another run with the same image and configuration. */
  readonly disagreed: number;
  /** retried or disagreed, of `runs`: 0 to 1. */
  readonly rate: number;
  readonly lastAt: string;
}

export interface CaseFilter {
  readonly verdict?: Verdict | 'flaky' | 'not-run';
  readonly campaign?: string;
  readonly persona?: string;
  /** Part of the key or the title, whatever its case. */
  readonly text?: string;
}

export interface RunFilter {
  readonly environment?: string;
  /** `whole` leaves out runs of a part of the charter, and shards that stand alone. */
  readonly of?: 'whole' | 'anything';
  /** Of their ids. */
  readonly beginning?: string;
}

export interface Page {
  readonly limit: number;
  readonly offset: number;
}

/** Of a page behind the last one: the last one. */
export interface Listed<T> {
  readonly rows: readonly T[];
  /** Of all pages. */
  readonly total: number;
}

/** A page of a list whose length nobody has counted. */
export interface Leafed<T> {
  readonly rows: readonly T[];
  readonly hasMore: boolean;
}

/** Everything the cockpit reads; each throws CHR_STORE_… where the database does not answer. */
export interface CockpitReads {
  /** Newest run first. */
  readonly environments: () => Promise<EnvironmentHead[]>;
  readonly environmentNames: () => Promise<string[]>;
  /** Newest first. */
  readonly runs: (filter: RunFilter, page: Page) => Promise<Leafed<RunHead>>;
  /** Looks through all of them: for what is seldom asked. */
  readonly runCount: (environment: string | undefined) => Promise<number>;
  /** A window over an environment, newest first: its last `limit` runs of the whole charter, and on top parts since the oldest of them, half as many. */
  readonly recent: (environment: string, limit: number) => Promise<RunHead[]>;
  readonly run: (run: string) => Promise<RunHead | undefined>;
  /**
   * The run of the whole charter in the same environment before this one that came to its own end: what was cut short or refused says
   * little about its cases.
   */
  readonly previous: (head: RunHead) => Promise<RunHead | undefined>;
  readonly properties: (run: string) => Promise<Readonly<Record<string, string>>>;
  readonly campaigns: (runs: readonly string[]) => Promise<CampaignCell[]>;
  /** Of cases that came to their own end in `run`. */
  readonly changes: (run: string, before: string, limit: number) => Promise<Change[]>;
  /**
   * How many cases `before` planned and `run` does not, red or green: what is not asked any more breaks in silence. 0 where one of the two
   * is a part of its charter, or was not planned in full.
   */
  readonly dropped: (run: string, before: string) => Promise<number>;
  readonly cases: (run: string, filter: CaseFilter, page: Page) => Promise<Listed<CaseLine>>;
  /** Failed before error, with everything that is known of them. */
  readonly failures: (run: string, filter: CaseFilter, page: Page) => Promise<Listed<CaseResult>>;
  /** How many of the cases with these keys failed or ended in an error. */
  readonly redAmong: (run: string, keys: readonly string[]) => Promise<number>;
  readonly case: (run: string, key: string) => Promise<CaseResult | undefined>;
  /** Unplanned first, then the most frequent; what it leaves out is in the run's counts. */
  readonly skips: (
    run: string,
    most: { readonly reasons: number; readonly cases: number },
  ) => Promise<SkipGroup[]>;
  readonly personas: (run: string) => Promise<string[]>;
  /** What a case is called in a plan of this environment, however old. */
  readonly named: (environment: string, key: string) => Promise<CaseName | undefined>;
  /** Oldest first, over the window of `recent` up to the run that started at `until`. */
  readonly history: (
    environment: string,
    keys: readonly string[],
    limit: number,
    until?: string,
  ) => Promise<Map<string, HistoryPoint[]>>;
  /** Worst first, over the window of `recent` of each environment and at most `limit` of each; of one case where `key` names it. */
  readonly flakes: (
    environment: string | undefined,
    runs: number,
    limit: number,
    key?: string,
  ) => Promise<FlakyCase[]>;
  /** The whole run as its journal would give it, for downloads. */
  readonly state: (run: string) => Promise<RunState | undefined>;
  /** Throws where the database does not answer. */
  readonly ping: () => Promise<void>;
}
