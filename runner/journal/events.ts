// The events of a run, one JSON line each. The journal is the truth of the run: every report is a fold over these.

export type Verdict = 'passed' | 'failed' | 'error' | 'skipped';

/** A case as planned: one line of the report. `key` is unique in a run: `C-10/10.3[alice]`. */
export interface PlannedCase {
  readonly key: string;
  readonly campaign: string;
  readonly id: string;
  readonly persona?: string;
  readonly title: string;
  /** Path of the campaign file, relative to the folder of its campaigns. */
  readonly file: string;
  readonly line?: number;
  readonly tags: readonly string[];
  readonly targets: readonly string[];
}

/** The one case of a run that could not start: an error that says why. */
export const startKey = 'charter/start';

/** One HTTP request as the client saw it. Bodies are cut at 2 KiB and hold no row values. Times in milliseconds. */
export interface HttpExchange {
  readonly method: string;
  readonly url: string;
  readonly status?: number;
  readonly body?: string;
  readonly timings: {
    readonly dns?: number;
    readonly connect?: number;
    readonly ttfb?: number;
    readonly total: number;
  };
  /** What each try before the last one met, e.g. `503 after 12 ms`. */
  readonly attempts?: readonly string[];
}

/** Why an attempt is failed or error. `kind` is `assertion` for failed; for error it names what was seen. */
export interface Failure {
  /** assertion | connect-refused | timeout | reset | unresolved | no-identity | bad-answer | exception | crash | hang | interrupted | … */
  readonly kind: string;
  readonly message: string;
  readonly expected?: string;
  readonly got?: string;
  readonly waitedMs?: number;
  /** The last observations of a poll, oldest first, at most three. */
  readonly observations?: readonly string[];
  readonly http?: HttpExchange;
  readonly stack?: string;
}

export interface Outcome {
  readonly verdict: Verdict;
  readonly failure?: Failure;
  /** Why skipped; an expected failure starts with `xfail: `. */
  readonly reason?: string;
  /** A skip that the configuration announces (expectedSkips, writes off, target declared absent, xfail). */
  readonly planned?: boolean;
}

export type JournalEvent =
  | {
      readonly event: 'run-started';
      readonly at: string;
      readonly run: string;
      readonly host: string;
      readonly environment: string;
      readonly properties: Readonly<Record<string, string>>;
    }
  | { readonly event: 'planned'; readonly at: string; readonly cases: readonly PlannedCase[] }
  | { readonly event: 'property'; readonly at: string; readonly name: string; readonly value: string }
  | { readonly event: 'case-started'; readonly at: string; readonly key: string; readonly attempt: number }
  | {
      readonly event: 'case-ended';
      readonly at: string;
      readonly key: string;
      readonly attempt: number;
      readonly durationMs: number;
      readonly outcome: Outcome;
      readonly warnings?: readonly string[];
    }
  | { readonly event: 'run-ended'; readonly at: string; readonly exitCode: number; readonly reason: string };
