// The rows of the store as plain data; the names are those of the columns, because SQL reads them from JSON by name.
import type { AttemptState, Failure, JournalEvent, PlannedCase, Verdict } from '../../journal/index.ts';
import { caseId, planId, type RunIdentity } from './identity.ts';

export interface RunRow {
  readonly host: string;
  readonly environment: string;
  readonly started_at: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly part: RunIdentity['part'];
  readonly job: string;
  readonly image_digest: string;
  readonly config_hash: string;
}

export interface PlanRow {
  readonly n: number;
  readonly plan_id: string;
  readonly size: number;
}

export interface PlanCaseRow extends Omit<PlannedCase, 'persona' | 'line'> {
  readonly plan_id: string;
  readonly position: number;
  readonly case_id: string;
  readonly persona?: string | undefined;
  readonly line?: number | undefined;
}

export interface PropertyRow {
  readonly n: number;
  readonly at: string;
  readonly name: string;
  readonly value: string;
}

export interface OpenAttemptRow {
  readonly case_id: string;
  readonly attempt: number;
  readonly started_at: string;
}

export interface AttemptRow extends OpenAttemptRow {
  readonly revision: 0 | 1;
  readonly ended_at: string;
  readonly duration_ms: number;
  readonly verdict: Verdict;
  readonly planned?: boolean | undefined;
  readonly reason?: string | undefined;
  readonly failure?: Failure | undefined;
  readonly warnings?: readonly string[] | undefined;
}

/** What one statement writes. */
export interface Batch {
  readonly run: RunRow | undefined;
  readonly plans: readonly PlanRow[];
  readonly planCases: readonly PlanCaseRow[];
  readonly properties: readonly PropertyRow[];
  readonly open: readonly OpenAttemptRow[];
  readonly attempts: readonly AttemptRow[];
}

type RunStarted = Extract<JournalEvent, { event: 'run-started' }>;

export function runRow({ host, environment, at, properties }: RunStarted, part: RunIdentity['part']): RunRow {
  return {
    ...{ host, environment, started_at: isoTime(at), properties, part },
    job: properties.job ?? '',
    image_digest: properties['image-digest'] ?? '',
    config_hash: properties['config-hash'] ?? '',
  };
}

export function planRows(
  n: number,
  cases: readonly PlannedCase[],
): { plan: PlanRow; planCases: PlanCaseRow[] } {
  const plan_id = planId(cases);
  // A case that is named twice has the place of the first and the words of the last, as in the fold.
  const named = [...new Map(cases.map((one) => [one.key, one])).values()];
  const planCases = named.map(
    ({ key, campaign, id, persona, title, file, line, tags, targets }, position): PlanCaseRow => {
      const case_id = caseId(key);
      return { plan_id, position, case_id, key, campaign, id, persona, title, file, line, tags, targets };
    },
  );
  return { plan: { n, plan_id, size: named.length }, planCases };
}

export function openRow(case_id: string, { attempt, startedAt }: AttemptState): OpenAttemptRow {
  return { case_id, attempt, started_at: isoTime(startedAt) };
}

/** None while the attempt runs. */
export function attemptRow(
  case_id: string,
  { attempt, startedAt, outcome, endedAt, durationMs = 0, warnings }: AttemptState,
  revision: 0 | 1,
): AttemptRow | undefined {
  if (outcome === undefined || endedAt === undefined) return undefined;
  const { verdict, planned, reason, failure } = outcome;
  const [started_at, ended_at] = [isoTime(startedAt), isoTime(endedAt)];
  const times = { started_at, ended_at, duration_ms: durationMs };
  return { case_id, attempt, revision, ...times, verdict, planned, reason, failure, warnings };
}

/** With a day that every month has. */
const isoForm = /^\d{4}-\d\d-(?:[01]\d|2[0-8])T\d\d:\d\d:\d\d(?:\.\d{1,6})?Z$/;

/** Whatever form a journal had it in that a Date understands. Nearly always it is the right one, and making a Date is slow; only that knows
 * that the 30th of February is the 2nd of March, which a database refuses. */
export function isoTime(at: string): string {
  return isoForm.test(at) ? at : new Date(at).toISOString();
}
