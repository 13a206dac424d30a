// The tables and views of the store as kysely knows them; migrations/ makes them. docs/store.md draws them.
// Run data is only ever inserted: what changes (running, ended, aborted; counts of a run that goes on) is derived in views.
import type { ColumnType } from 'kysely';
import type { Failure, PlannedCase, Verdict } from '../journal/index.ts';

/** Read as Date, written as ISO text. */
export type Time = ColumnType<Date, string, never>;
/** The database fills it in where it is not given. */
export type OwnTime = ColumnType<Date, string | undefined, never>;
/** Kept as written (`json`, not `jsonb`), so that a report rebuilt from the store has the order of the first. */
export type Json<T> = ColumnType<T, string, never>;

/** One journal: a run, a shard of one, or the merged run of a Job. */
export interface RunTable {
  readonly id: string;
  readonly host: string;
  readonly environment: string;
  /** By the clock of the runner, as JUnit has it. */
  readonly started_at: Time;
  readonly properties: Json<Readonly<Record<string, string>>>;
  /** `whole`, `shard` (its Job has or will have a merged run), `merged`. */
  readonly part: 'whole' | 'shard' | 'merged';
  /** UID of the Kubernetes Job, `''` without one. */
  readonly job: string;
  /** `''` where unknown. */
  readonly image_digest: string;
  readonly config_hash: string;
  readonly stored_at: OwnTime;
  /** By the clock of the database, in whole milliseconds: what runs are ordered by. */
  readonly began_at: OwnTime;
}

/** Signs of life, by the clock of the database. Gone when the run has ended. */
export interface BeatTable {
  readonly run_id: string;
  readonly n: number;
  readonly at: OwnTime;
  /** A run whose newest beat is older is aborted. */
  readonly stale_ms: number;
}

/** Plans are addressed by their content: runs of the same suites share one. */
export interface PlanTable {
  readonly id: string;
  readonly size: number;
}

export interface PlanCaseTable {
  readonly plan_id: string;
  /** From 0, in the order of the plan. */
  readonly position: number;
  /** The first 128 bits of the SHA-256 of `key`. */
  readonly case_id: string;
  readonly key: string;
  readonly campaign: string;
  readonly id: string;
  readonly persona: string | null;
  readonly title: string;
  readonly file: string;
  readonly line: number | null;
  readonly tags: Json<PlannedCase['tags']>;
  readonly targets: Json<PlannedCase['targets']>;
}

export interface RunPlanTable {
  readonly run_id: string;
  /** The n-th plan of the journal, from 0; from 1,000,000 on: cases that ran though no plan named them yet. */
  readonly n: number;
  readonly plan_id: string;
}

/** The n-th property that was learnt while the run went on. */
export interface PropertyTable {
  readonly run_id: string;
  readonly n: number;
  readonly at: Time;
  readonly name: string;
  readonly value: string;
}

/** An attempt that was running when its run was last heard of. Superseded by its row in `attempt`. */
export interface OpenAttemptTable {
  readonly run_id: string;
  readonly case_id: string;
  readonly attempt: number;
  readonly started_at: Time;
}

/** An attempt that ended. */
export interface AttemptTable extends OpenAttemptTable {
  /** 1: an error that came to light after a pass, which it replaces. */
  readonly revision: number;
  readonly ended_at: Time;
  readonly duration_ms: number;
  readonly verdict: Verdict;
  readonly planned: boolean | null;
  readonly reason: string | null;
  readonly failure: Json<Failure> | null;
  readonly warnings: Json<readonly string[]> | null;
}

/** Written by `charter.end_run` only, after it has counted the rows itself. */
export interface RunEndTable {
  readonly run_id: string;
  readonly ended_at: Time;
  /** Null: marked as aborted, because no beat came. */
  readonly exit_code: number | null;
  readonly reason: string;
  readonly tests: number | null;
  readonly pass: number | null;
  readonly fail: number | null;
  readonly err: number | null;
  readonly skip: number | null;
  readonly flaky: number | null;
  readonly not_run: number | null;
  readonly unplanned_skips: number | null;
  /** Planned, whether or not they ran. */
  readonly cases: number | null;
}

/** A case of an ended run that did not simply pass; a case without such a row passed at its first attempt. */
export interface BlemishTable {
  readonly run_id: string;
  readonly case_id: string;
  /** Null: it never began. */
  readonly verdict: Verdict | null;
  readonly is_flaky: boolean;
  /** Cut off: an attempt has no end. */
  readonly is_running: boolean;
  readonly is_unplanned_skip: boolean;
  /** The message of its failure or the reason of its skip, cut to 500 characters. */
  readonly note: string;
}

/** Counts of one campaign of a run. */
export interface CampaignTallyRow {
  readonly run_id: string;
  readonly campaign: string;
  readonly passed: number;
  readonly failed: number;
  readonly error: number;
  readonly skipped: number;
  readonly not_run: number;
  readonly flaky: number;
  readonly unplanned_skips: number;
  readonly duration_ms: number;
}

/** A journal beside a folder that will hold nothing new, as far as one knows. */
export interface JournalTable {
  /** Of the file. */
  readonly name: string;
  /** Its size in bytes and the time of its last change: another one, and it is read again. */
  readonly stamp: string;
}

/** View: the attempt rows that count, open ones (verdict null) included. */
export interface AttemptNowView
  extends Omit<AttemptTable, 'revision' | 'ended_at' | 'duration_ms' | 'verdict'> {
  readonly ended_at: Time | null;
  readonly duration_ms: number | null;
  readonly verdict: Verdict | null;
}

/** View: every case of a run as planned, the newest plan that names it. */
export interface RunCaseView extends Omit<PlanCaseTable, 'plan_id'> {
  readonly run_id: string;
  /** n of the first plan that names it; with `position` the order of the report. */
  readonly n: number;
}

/** View: one line of the report per case that was started. Filter by run_id (and case_id). */
export interface CaseResultView {
  readonly run_id: string;
  readonly case_id: string;
  readonly verdict: Verdict;
  readonly is_flaky: boolean;
  readonly is_unplanned_skip: boolean;
  readonly is_running: boolean;
  readonly attempts: number;
  readonly duration_ms: number;
  readonly started_at: Time;
  /** The message of its failure or the reason of its skip, cut to 500 characters; null where it simply passed. */
  readonly note: string | null;
}

export type RunStatus =
  | 'running'
  | 'aborted'
  | 'passed'
  | 'failed'
  | 'usage'
  | 'nothing-proven'
  | 'errors'
  /** Exit code 5, and otherwise green. */
  | 'unwritten'
  | 'interrupted';

/** View: a run with its state and counts. Counts of a run that goes on are counted when they are asked for. */
export interface RunView extends RunTable {
  readonly status: RunStatus;
  readonly exit_code: number | null;
  /** End, or the last sign of life of an aborted run. */
  readonly ended_at: Time | null;
  readonly reason: string | null;
  /** Newest sign of life, null where none was written or the run has ended. */
  readonly beat_at: Time | null;
  readonly tests: number;
  readonly pass: number;
  readonly fail: number;
  readonly err: number;
  readonly skip: number;
  readonly flaky: number;
  readonly not_run: number;
  readonly unplanned_skips: number;
  /** Planned, whether or not they ran. */
  readonly cases: number;
  /** False for a shard whose merged run is there, and for a merge that a newer one of its Job replaced. */
  readonly is_listed: boolean;
}

/** Names carry the schema, so that no search path has to be set. */
export interface Database {
  'charter.run': RunTable;
  'charter.beat': BeatTable;
  'charter.plan': PlanTable;
  'charter.plan_case': PlanCaseTable;
  'charter.run_plan': RunPlanTable;
  'charter.property': PropertyTable;
  'charter.open_attempt': OpenAttemptTable;
  'charter.attempt': AttemptTable;
  'charter.run_end': RunEndTable;
  'charter.campaign_end': CampaignTallyRow;
  'charter.blemish': BlemishTable;
  'charter.journal': JournalTable;
  /** View: as `blemish`, counted anew from the rows. */
  'charter.blemish_now': BlemishTable;
  'charter.attempt_now': AttemptNowView;
  'charter.run_case': RunCaseView;
  'charter.case_result': CaseResultView;
  /** View: counted anew from the rows. */
  'charter.campaign_now': CampaignTallyRow;
  /** View: as the end of the run counted them, else counted anew. Filter by run_id. */
  'charter.campaign_tally': CampaignTallyRow;
  'charter.run_view': RunView;
}
