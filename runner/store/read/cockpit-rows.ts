// From rows to the shapes of the cockpit: the only place that knows how the drivers give times and nothing.
import { type RawBuilder, sql } from 'kysely';
import type { Verdict } from '../../journal/index.ts';
import type { RunStatus } from '../schema.ts';
import type { CaseName, RunHead } from './cockpit-types.ts';

/** PGlite and pg give Dates; a test's hand-made row may hold text. */
export function iso(at: Date | string): string {
  return new Date(at).toISOString();
}

export interface HeadRow {
  readonly id: string;
  readonly environment: string;
  readonly host: string;
  readonly started_at: Date;
  readonly last_at: Date;
  readonly status: RunStatus;
  readonly exit_code: number | null;
  readonly reason: string | null;
  readonly tests: number;
  readonly pass: number;
  readonly fail: number;
  readonly err: number;
  readonly skip: number;
  readonly flaky: number;
  readonly not_run: number;
  readonly in_flight: number;
  readonly unplanned_skips: number;
  readonly cases: number;
}

/** Columns of `charter.run_view v` that make a RunHead. What only some runs need is only asked of these. */
export const headColumns: RawBuilder<unknown> = sql`
  v.id, v.environment, v.host, v.started_at, v.status, v.exit_code, v.reason,
  v.tests, v.pass, v.fail, v.err, v.skip, v.flaky, v.not_run, v.unplanned_skips, v.cases,
  case when v.status = 'running' then now() else coalesce(v.ended_at, v.beat_at, v.started_at) end as last_at,
  case when v.status <> 'running' then 0 else (
    select count(*)::integer from charter.open_attempt o
    where o.run_id = v.id and not exists (
      select from charter.attempt a where a.run_id = o.run_id and a.case_id = o.case_id)
  ) end as in_flight`;

export function headOf(row: HeadRow): RunHead {
  const [startedAt, lastAt] = [iso(row.started_at), iso(row.last_at)];
  const { tests, pass, fail, err, skip, not_run: notRun } = row;
  return {
    run: row.id,
    environment: row.environment,
    host: row.host,
    startedAt,
    lastAt,
    status: row.status,
    exitCode: row.exit_code ?? undefined,
    reason: row.reason ?? undefined,
    counts: { tests, pass, fail, err, skip },
    flaky: row.flaky,
    unplannedSkips: row.unplanned_skips,
    notRun,
    inFlight: row.in_flight,
    planned: row.cases,
    durationMs: Math.max(0, Date.parse(lastAt) - Date.parse(startedAt)),
  };
}

export interface NameRow {
  readonly key: string;
  readonly campaign: string;
  readonly id: string;
  readonly persona: string | null;
  readonly title: string;
  readonly file: string;
  readonly line: number | null;
}

export const nameColumns: RawBuilder<unknown> = sql`c.key, c.campaign, c.id, c.persona, c.title, c.file, c.line`;

export function nameOf(row: NameRow): CaseName {
  const { key, campaign, id, title, file } = row;
  return { key, campaign, id, title, file, persona: row.persona ?? undefined, line: row.line ?? undefined };
}

export interface ResultRow extends NameRow {
  readonly case_id: string;
  readonly verdict: Verdict | null;
  readonly is_flaky: boolean;
  readonly is_running: boolean;
  readonly note: string;
}
