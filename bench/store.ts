// What storing a run costs on a Postgres of loopback, how quick the pages are over a year of runs, and what they read for it.
// `make bench ARGS=store`; CHARTER_BENCH_RUNS says how many runs of 500 cases lie in the database (10,000).
import { sql } from 'kysely';
import { createCockpit } from '../runner/cockpit/index.ts';
import type { JournalEvent } from '../runner/journal/index.ts';
import { type CockpitReads, cockpitReads, openStore, type Store } from '../runner/store/index.ts';
import { fillWithRuns, postgresMissing, startPostgres } from '../runner/store/testing.ts';
import { pushEvents } from '../runner/store/write/push.ts';
import { table, verdict } from './measure.ts';
import { showPlans } from './store-plans.ts';

const casesPerRun = 500;

export async function benchStore(): Promise<void> {
  const missing = postgresMissing();
  if (missing !== undefined) return void process.stdout.write(`\nstore: ${missing}\n`);
  const settings = [
    'fsync = on',
    'shared_buffers = 512MB',
    'max_wal_size = 4GB',
    'work_mem = 32MB',
    'autovacuum = off',
  ];
  const server = await startPostgres(settings);
  const place = server.place();
  const long = { ...place.connection.pool, statement_timeout: 0, query_timeout: 0 };
  const store = await openStore(
    { kind: 'postgres', connection: { ...place.connection, pool: long } },
    { schema: 'migrate' },
  );
  try {
    await benchWriting(store);
    await fill(store, Number(process.env.CHARTER_BENCH_RUNS ?? 10_000));
    await benchPages(cockpitReads(store));
    await showPlans(place, (reads) => ({ ...questions(reads), 'run: downloads': () => reads.state(red) }));
  } finally {
    await store.close();
    await server.stop();
  }
}

let named = 0;

/** A finished run as its journal tells it; the plan of a suite is known after the first. */
function finishedRun(count: number): JournalEvent[] {
  const at = new Date().toISOString();
  const keys = Array.from({ length: count }, (_, i) => `B-${i % 20}/${i}`);
  const cases = keys.map((key, i) => ({
    ...{
      key,
      campaign: `B-${i % 20}`,
      id: String(i),
      title: 'a case',
      file: 'b.ts',
      tags: [],
      targets: ['trino'],
    },
  }));
  return [
    { event: 'run-started', at, run: `bench-${++named}`, host: 'h', environment: 'bench', properties: {} },
    { event: 'planned', at, cases },
    ...keys.flatMap((key): JournalEvent[] => [
      { event: 'case-started', at, key, attempt: 1 },
      { event: 'case-ended', at, key, attempt: 1, durationMs: 5, outcome: { verdict: 'passed' } },
    ]),
  ];
}

async function benchWriting(store: Store): Promise<void> {
  const rows: string[][] = [];
  for (const [count, aim] of [
    [1_000, 15],
    [10_000, 150],
  ] as const) {
    const first = await timed(() => pushEvents(store, finishedRun(count)));
    const times: number[] = [];
    for (let i = 0; i < 20; i++) {
      const events = finishedRun(count);
      times.push(await timed(() => pushEvents(store, events)));
    }
    const end: JournalEvent = {
      event: 'run-ended',
      at: new Date().toISOString(),
      exitCode: 0,
      reason: 'completed',
    };
    const events = finishedRun(count);
    await pushEvents(store, events);
    const ending = await timed(() => pushEvents(store, [...events, end]));
    rows.push([
      count.toLocaleString('en'),
      ...[first, ending, ...figures(times)].map(inMs),
      judged(times, aim),
    ]);
  }
  table(
    'store: a run row and its cases, on loopback, each commit on disk',
    ['cases', 'with a new plan', 'again, counted and ended', ...figureNames(20), 'p95 within'],
    rows,
  );
}

const red = 'gen-000003';

/** A year of runs; one of fifty was lost, half of these are marked so, and the beats of all of them are still there. */
async function fill(store: Store, runs: number): Promise<void> {
  const { db } = store;
  // What was written to be measured has no end, and would be counted anew by each question.
  await sql`truncate charter.run, charter.plan, charter.attempt, charter.open_attempt cascade`.execute(db);
  // Nobody measures how quick this is.
  await sql`alter system set fsync = off`.execute(db);
  await sql`select pg_reload_conf()`.execute(db);
  const took = await timed(() => fillWithRuns(store, { runs, casesPerRun }));
  const lost = sql`substr(run_id, 5)::integer % 50 = 7 and run_id like 'gen-%'`;
  await sql`delete from charter.blemish where ${lost}`.execute(db);
  await sql`delete from charter.campaign_end where ${lost}`.execute(db);
  await sql`insert into charter.beat select run_id, n, ended_at + n * interval '15 seconds', 60000
    from charter.run_end, generate_series(1, 100) n where ${lost}`.execute(db);
  await sql`delete from charter.run_end where ${lost} and substr(run_id, 5)::integer % 100 = 7`.execute(db);
  await sql`update charter.run_end set exit_code = null, tests = null, pass = null, fail = null, err = null, skip = null,
    flaky = null, not_run = null, unplanned_skips = null, cases = null where ${lost}`.execute(db);
  await sql`vacuum analyze`.execute(db);
  const found = await sql<{
    size: string;
  }>`select pg_size_pretty(pg_database_size(current_database())) as size`.execute(db);
  process.stdout.write(
    `\n${runs.toLocaleString('en')} runs of ${casesPerRun} cases, one of 50 lost: ${found.rows[0]?.size}, filled in ${(took / 1_000).toFixed(0)} s\n`,
  );
}

function questions(reads: CockpitReads): Readonly<Record<string, () => Promise<unknown>>> {
  const ids = Array.from({ length: 30 }, (_, i) => `gen-${String(2 * i + 1).padStart(6, '0')}`);
  const page = { limit: 50, offset: 0 };
  return {
    'overview: platforms': () => reads.environments(),
    'overview: last 30 runs': () => reads.recent('staging', 30),
    'overview: campaigns x 30 runs': () => reads.campaigns(ids),
    'overview: changes': () => reads.changes(red, 'gen-000005', 20),
    'runs: names of platforms': () => reads.environmentNames(),
    'runs: all, page 10': () => reads.runs({}, { limit: 30, offset: 270 }),
    'run: head': () => reads.run(red),
    'run: head of one that was lost': () => reads.run('gen-000007'),
    'run: failures': () => reads.failures(red, {}, page),
    'run: cases': () => reads.cases(red, {}, page),
    'run: cases, last page': () => reads.cases(red, {}, { limit: 50, offset: 10_000 }),
    'run: skips': () => reads.skips(red, { reasons: 5, cases: 3 }),
    'run: one case': () => reads.case(red, 'G-1/7'),
    'case: history of 100 runs': () => reads.history('staging', ['G-1/7'], 100),
    'case: flaky in 50 runs': () => reads.flakes('staging', 50, 1, 'G-1/7'),
    'flakes of 100 runs': () => reads.flakes('staging', 100, 50),
  };
}

async function benchPages(reads: CockpitReads): Promise<void> {
  const times = await timesOf(questions(reads), 10);
  table('questions of the pages', ['question', ...figureNames(40), 'p95 within'], times);
  await benchAnswers(reads);
}

/** From the request to the last byte of the page, everything that SQL does included. */
async function benchAnswers(reads: CockpitReads): Promise<void> {
  const { app, close } = createCockpit({ reads, now: Date.now });
  const answer = async (path: string): Promise<void> => {
    const { status, body } = await app.request(path);
    if (status !== 200) throw new Error(`${path} answers ${status}`);
    await new Response(body).arrayBuffer();
  };
  const paths = [
    '/',
    '/runs',
    `/runs/${red}`,
    `/runs/${red}/junit.xml`,
    '/case?environment=staging&key=G-1%2F7',
    '/flakes',
    '/metrics',
  ];
  const answers = Object.fromEntries(paths.map((path) => [path, () => answer(path)]));
  const times = await timesOf(answers, 50);
  table('answers of the cockpit', ['page', ...figureNames(40), 'p95 within'], times);
  close();
}

/** `aim` in milliseconds. */
async function timesOf(
  asked: Readonly<Record<string, () => Promise<unknown>>>,
  aim: number,
): Promise<string[][]> {
  const rows: string[][] = [];
  for (const [name, ask] of Object.entries(asked)) {
    await ask();
    const times: number[] = [];
    for (let i = 0; i < 40; i++) times.push(await timed(ask));
    rows.push([name, ...figures(times).map(inMs), judged(times, aim)]);
  }
  return rows;
}

const figureNames = (times: number): string[] => [`best of ${times}`, 'median', 'p95'];
const figures = (times: readonly number[]): number[] => [
  ...[Math.min(...times), percentile(times, 0.5), percentile(times, 0.95)],
];
const inMs = (ms: number): string => `${ms.toFixed(1)} ms`;

/** Where it is missed, the benchmark ends red. */
function judged(times: readonly number[], aim: number): string {
  const own = verdict(percentile(times, 0.95) <= aim);
  if (own === 'MISSED') process.exitCode = 1;
  return `${aim} ms: ${own}`;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;
}
