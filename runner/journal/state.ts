// What is known of a run after some of its events: plain data that the fold fills and every report reads.
import type { Outcome, PlannedCase, Verdict } from './events.ts';

export interface AttemptState {
  readonly attempt: number;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly durationMs?: number;
  /** Absent while the attempt runs, and for ever when the run died under it. */
  readonly outcome?: Outcome;
  readonly warnings?: readonly string[];
}

export type Progress = 'planned' | 'running' | 'ended';

export interface CaseState {
  planned: PlannedCase;
  /** In the order they started. */
  attempts: readonly AttemptState[];
  progress: Progress;
  /** Grows with every event of this case, so that a renderer knows what to render again. */
  revision: number;
}

/** How many cases stand where; `notRun` are planned and never started. A running case counts by its verdict too. */
export interface Tally extends Record<Verdict, number> {
  notRun: number;
  running: number;
  flaky: number;
}

export interface CampaignState {
  readonly name: string;
  /** In plan order. */
  readonly cases: CaseState[];
  readonly tally: Tally;
  startedAt?: string;
  /** Sum over ended attempts. */
  timeMs: number;
}

export interface RunEnd {
  readonly at: string;
  readonly exitCode: number;
  readonly reason: string;
}

export interface RunState {
  run: string;
  host: string;
  environment: string;
  startedAt: string;
  /** Time of the newest event. */
  lastAt: string;
  readonly properties: Map<string, string>;
  planKnown: boolean;
  /** Grows when cases are added or their plan changes. */
  planRevision: number;
  readonly cases: Map<string, CaseState>;
  readonly campaigns: Map<string, CampaignState>;
  readonly tally: Tally;
  /** Ended attempts that have something to say, and how much; decides how long one text of a report may be. */
  readonly texts: { count: number; length: number };
  ended?: RunEnd;
}

export function emptyTally(): Tally {
  return { passed: 0, failed: 0, error: 0, skipped: 0, notRun: 0, running: 0, flaky: 0 };
}

export function initialState(): RunState {
  return {
    run: '',
    host: '',
    environment: '',
    startedAt: '',
    lastAt: '',
    properties: new Map(),
    planKnown: false,
    planRevision: 0,
    cases: new Map(),
    campaigns: new Map(),
    tally: emptyTally(),
    texts: { count: 0, length: 0 },
  };
}
