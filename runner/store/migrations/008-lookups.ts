// What the pages ask is found by an index where all runs, or all beats, were looked through.
import { isListed as listedBefore, runView } from './002-views.ts';

/** As before, in words by which the planner sees that the index of Jobs will do: it holds only runs that have one. */
export const isListed = listedBefore.replace('other.job = r.job', "other.job <> '' and other.job = r.job");

/** Of a row of charter.beat, when nobody has heard of its run for too long; in UTC, because an index takes nothing that a time zone may change. */
export const staleAt = "((at at time zone 'UTC') + stale_ms * interval '1 millisecond')";

export const viewOfRuns = `create or replace view charter.run_view as ${runView(', r.began_at', "when 5 then 'unwritten' ").replace(listedBefore, isListed)}`;

export const lookups = [
  viewOfRuns,
  // Beats of runs that end are deleted, those of lost runs stay: of many, few are fresh.
  `create index beat_by_staleness on charter.beat (${staleAt})`,
];
