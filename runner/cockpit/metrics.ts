// Metrics for Prometheus, made from the store at each scrape: the cockpit keeps no numbers of its own that could be wrong.
import { Gauge, Registry } from 'prom-client';
import type { EnvironmentHead, FlakyCase, RunStatus } from '../store/index.ts';
import { doneOf } from './html/words.ts';

const statuses: readonly RunStatus[] = [
  ...(['passed', 'failed', 'errors', 'nothing-proven', 'unwritten'] as const),
  ...(['usage', 'interrupted', 'aborted'] as const),
];

export interface MetricsInput {
  readonly environments: readonly EnvironmentHead[];
  readonly flakes: readonly FlakyCase[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The text of a scrape. Times and ages are seconds, as Prometheus has them. */
export async function metricsText({ environments, flakes, now }: MetricsInput): Promise<string> {
  const registry = new Registry();
  const gauge = (name: string, help: string, ...labels: string[]) =>
    new Gauge({ name, help, labelNames: ['environment', ...labels], registers: [registry] });

  const status = gauge(
    'charter_last_run_status',
    '1 for the status of the last run that is over, 0 for all others.',
    'status',
  );
  const started = gauge('charter_last_run_start_timestamp_seconds', 'When the last run that is over began.');
  const age = gauge('charter_last_run_age_seconds', 'How long ago that was.');
  const took = gauge('charter_last_run_duration_seconds', 'How long it took.');
  const cases = gauge('charter_last_run_cases', 'Its cases by verdict.', 'verdict');
  const flaky = gauge('charter_last_run_flaky_cases', 'Its cases that passed only on a retry.');
  const unplanned = gauge(
    'charter_last_run_unplanned_skips',
    'Its cases that were skipped though nothing announced it.',
  );
  const green = gauge(
    'charter_last_green_run_timestamp_seconds',
    'When the last green run began; 0 where there was none.',
  );
  const greenEnd = gauge(
    'charter_last_green_run_end_timestamp_seconds',
    'When the last green run ended; 0 where there was none.',
  );
  const running = gauge('charter_run_in_progress', '1 while a run goes on.');
  const progress = gauge('charter_run_progress_ratio', 'How much of it is done, 0 to 1.');
  const flakyCases = gauge('charter_flaky_cases', 'Cases of the last 30 runs that are flaky.');
  const rate = gauge(
    'charter_flake_rate_ratio',
    'The flake rate of the worst case of the last 30 runs, 0 to 1.',
  );

  for (const { environment, last, running: going, lastGreenAt, lastGreenEndedAt } of environments) {
    const at = { environment };
    green.set(at, secondsAt(lastGreenAt));
    greenEnd.set(at, secondsAt(lastGreenEndedAt));
    running.set(at, going === undefined ? 0 : 1);
    if (going !== undefined) progress.set(at, going.planned === 0 ? 0 : doneOf(going) / going.planned);
    const ofIt = flakes.filter((flake) => flake.environment === environment);
    flakyCases.set(at, ofIt.length);
    rate.set(at, Math.max(0, ...ofIt.map((flake) => flake.rate)));
    if (last === undefined) continue;
    for (const one of statuses) status.set({ ...at, status: one }, last.status === one ? 1 : 0);
    started.set(at, Date.parse(last.startedAt) / 1000);
    age.set(at, Math.max(0, (now - Date.parse(last.startedAt)) / 1000));
    took.set(at, last.durationMs / 1000);
    flaky.set(at, last.flaky);
    unplanned.set(at, last.unplannedSkips);
    const { pass, fail, err, skip } = last.counts;
    for (const [verdict, count] of Object.entries({ passed: pass, failed: fail, error: err, skipped: skip }))
      cases.set({ ...at, verdict }, count);
  }
  return registry.metrics();
}

/** Since 1970; 0 for never, which is older than any limit of an alert. */
function secondsAt(iso: string | undefined): number {
  return iso === undefined ? 0 : Date.parse(iso) / 1_000;
}
